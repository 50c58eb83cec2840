"""The story of the main job: each step does something and checks from outside what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from iwapi.action import Catalogue
from iwapi.cli.outside import Answered, NoAnswer, ask, call, resolve, route, typed
from iwapi.core.bound import Addresses

Step: TypeAlias = tuple[str, Callable[[], None]]
"""What it shows, and the function that does it; that raises `NoAnswer` where it does not come true."""

_FIRST, _SECOND, _THIRD = "example.com", "example.net", "example.org"
_PASSWORD = "Correct-horse7"
_SITEWORX = "/nodeworx/siteworx"
_RESELLER = {
    "email": "reseller@example.com", "password": _PASSWORD, "RSL_OPT_STORAGE": "100",
    "RSL_OPT_BANDWIDTH": "10", "RSL_OPT_SITEWORX_ACCOUNTS": "1",
}  # fmt: skip
_ACCOUNT = {"email": "me@example.com", "password": _PASSWORD, "packagetemplate": "basic"}
_SMALL = {"email": "me@example.com", "password": _PASSWORD, "OPT_STORAGE": "50", "OPT_BANDWIDTH": "5"}


def _expect(wanted: object, got: object) -> None:
    if got != wanted:
        raise NoAnswer(f"expected {wanted}, got {got}")


class Story:
    """An administrator, two billing systems, a reseller and a visitor, at a server."""

    def __init__(self, at: Addresses, catalogue: Catalogue, email: str, password: str) -> None:
        self._at = at
        self._catalogue = catalogue
        self._log_in = {"email": email, "password": password}
        self._key = ""
        self._reseller = ""
        self._reseller_key = ""

    def steps(self) -> Iterator[Step]:
        """The steps, in order; each stands on those before it."""
        yield "the server publishes the WSDL of every operation", self._published
        yield "the administrator generates an API key by the admin service", self._generate
        yield "the key proves itself", lambda: self._call("ping")
        yield f"typed SOAP: a billing system opens {_FIRST}", lambda: self._open_typed(_FIRST)
        yield f"{_FIRST} shows its page", lambda: self._visit(_FIRST, 200)
        yield f"{_FIRST} is found by DNS", lambda: self._look_up(_FIRST, ["127.0.0.1"])
        yield "suspended, the site answers 503", lambda: self._change("suspend", _FIRST, 503)
        yield "unsuspended, the site is back", lambda: self._change("unsuspend", _FIRST, 200)
        yield "deleted, the site is gone", lambda: self._change("delete", _FIRST, 404)
        yield f"{_FIRST} is no longer found by DNS", lambda: self._look_up(_FIRST, [])
        yield "InterWorx's route: the free addresses are listed", lambda: self._route("listFreeIps")
        yield f"route: a billing module adds {_SECOND}", lambda: self._add(_SECOND)
        yield (
            "route: its details are told",
            lambda: self._route("querySiteworxAccountDetails", domain=_SECOND),
        )
        yield "XML-RPC: the same details are told", self._details_by_xmlrpc
        yield "route: edited to status 0, the site answers 503", lambda: self._edit(_SECOND, "0", 503)
        yield "route: edited to status 1, the site is back", lambda: self._edit(_SECOND, "1", 200)
        yield "route: deleted, the site is gone", lambda: self._delete(_SECOND)
        yield "a reseller is made, and gets an API key of its own", self._sell
        yield f"the reseller opens {_THIRD} with it", self._open_as_reseller
        yield "a second account is more than the reseller may have", self._one_too_many
        yield "the reseller is deleted, after its account", self._end_reseller
        yield "the administrator deletes the key", self._delete_key
        yield "every call with the key is refused", self._refused

    def _published(self) -> None:
        wsdl = ask(self._at.api[0], "/soap/billing?wsdl")
        _expect(200, wsdl.status)
        names = [str(action.name) for action in self._catalogue.service("billing")]
        _expect([], [name for name in names if f'operation name="{name}"' not in wsdl.body])

    def _generate(self) -> None:
        answered = self._administrate("generateApiKey")
        _expect("New Remote Access Key Generated.", answered.member("message"))
        self._key = answered.member("apikey")

    def _delete_key(self) -> None:
        answered = self._administrate("deleteApiKey")
        _expect("API key successfully deleted.", answered.member("message"))

    def _administrate(self, operation: str, **inputs: str) -> Answered:
        return _good(typed(self._at.admin[0], "admin", self._log_in, operation, inputs))

    def _typed(self, operation: str, inputs: Mapping[str, str]) -> Answered:
        return typed(self._at.api[0], "billing", {"apikey": self._key}, operation, inputs)

    def _call(self, operation: str, **inputs: str) -> None:
        _good(self._typed(operation, inputs))

    def _open_typed(self, domain: str) -> None:
        self._call("createSiteWorxAccount", master_domain=domain, **_ACCOUNT)

    def _change(self, verb: str, domain: str, status: int) -> None:
        self._call(f"{verb}SiteWorxAccount", domain=domain)
        self._visit(domain, status)

    def _route(self, action: str, **inputs: str) -> None:
        answered = route(self._at.api[0], self._key, _SITEWORX, action, inputs)
        if answered.entry("status") != "0":
            raise NoAnswer(answered.entry("payload") or answered.body[:200])

    def _add(self, domain: str) -> None:
        confirmed = {"confirm_password": _PASSWORD}
        self._route("add", master_domain=domain, uniqname="examplen", **_ACCOUNT, **confirmed)
        self._visit(domain, 200)

    def _details_by_xmlrpc(self) -> None:
        answer = call(
            self._at.api[0], "iworx.route", self._key, _SITEWORX, "querySiteworxAccountDetails",
            {"domain": _SECOND},
        )  # fmt: skip
        _expect((0, _SECOND), (answer["status"], answer["payload"]["domain"]))

    def _sell(self) -> None:
        self._reseller = _good(self._typed("createReseller", _RESELLER)).member("reseller_id")
        self._reseller_key = self._administrate("generateApiKey", nodeworx_id=self._reseller).member("apikey")

    def _as_reseller(self, operation: str, **inputs: str) -> Answered:
        return typed(self._at.api[0], "billing", {"apikey": self._reseller_key}, operation, inputs)

    def _open_as_reseller(self) -> None:
        _good(self._as_reseller("createSiteWorxAccount", master_domain=_THIRD, **_SMALL))
        self._visit(_THIRD, 200)

    def _one_too_many(self) -> None:
        answered = self._as_reseller("createSiteWorxAccount", master_domain="more.test", **_SMALL)
        _expect("LIMIT_REACHED", answered.member("code"))

    def _end_reseller(self) -> None:
        _good(self._as_reseller("deleteSiteWorxAccount", domain=_THIRD))
        self._call("deleteReseller", reseller_id=self._reseller)
        _expect("NOT_AUTHENTICATED", self._as_reseller("ping").member("code"))

    def _edit(self, domain: str, status: str, answers: int) -> None:
        self._route("edit", domain=domain, status=status)
        self._visit(domain, answers)

    def _delete(self, domain: str) -> None:
        self._route("delete", domain=domain)
        self._visit(domain, 404)

    def _visit(self, domain: str, status: int) -> None:
        page = ask(self._at.sites[0], "/", host=domain)
        _expect(status, page.status)
        if status == 200:
            _expect(True, domain in page.body)

    def _look_up(self, domain: str, addresses: list[str]) -> None:
        _expect(addresses, resolve(self._at.dns[0], domain))

    def _refused(self) -> None:
        for action in self._catalogue.service("billing"):
            answered = self._typed(str(action.name), {})
            _expect((action.name, "NOT_AUTHENTICATED"), (action.name, answered.member("code")))
        for controller, name in self._catalogue.routed:
            answered = route(self._at.api[0], self._key, controller, name, {})
            _expect((name, "401"), (name, answered.entry("status")))


def _good(answered: Answered) -> Answered:
    """The answer, where it is no fault."""
    if answered.status != 200:
        raise NoAnswer(answered.member("faultstring") or f"HTTP {answered.status}")
    return answered
