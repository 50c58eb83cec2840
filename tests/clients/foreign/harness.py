"""What a client program is told, what it must say, and what must be true afterwards.

A program finds what it needs in its environment: IWAPI_URL (the address to call), IWAPI_WSDL (where it gets
the WSDL; empty for XML-RPC), IWAPI_KEY (the key block, several lines), and what it may take for itself:
IWAPI_DOMAIN, IWAPI_UNIXNAME and IWAPI_RESELLER (an e-mail address), and IWAPI_SLOW, a Unix name whose account
takes seconds to build. Lines of its standard output are

    version <text>            of its library or language, for the table; at most once
    ok <step>                 a step came true
    wrong <step>: <what>      it did not
    end                       the last line, when the program ran to its end

Every step of `STEPS` must come true, in this order, so that no client can leave one out.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field

import argon2

from tests.clients.foreign.build import HERE, Build, placed
from tests.helpers import rows
from tests.sandbox import Sandbox

SECONDS = 55
PASSWORD = "Ünï-☃ horse 8"  # the account's at the end
STEPS = (
    "ping", "create", "details", "duplicate", "usage", "suspend", "suspended", "unsuspend", "package",
    "password", "list", "reseller-create", "reseller-list", "reseller-suspend", "reseller-delete",
    "once", "typed", "terminate", "gone", "stranger",
)  # fmt: skip
_WITH_OPTIONS = "once"  # a step of those that send options in the envelope
_BY_XMLRPC = "typed"  # a step of its own: the story is told by iworx.route, and iwapi.* beside it
WIRES = {  # path, and where its WSDL is
    "typed": ("/soap/billing", "/soap/billing?wsdl"),
    "typed 1.2": ("/soap/billing", "/soap/billing?wsdl"),
    "route": ("/nodeworx/soap", "/nodeworx/soap?wsdl"),
    "route 1.2": ("/nodeworx/soap", "/nodeworx/soap?wsdl"),
    "xmlrpc": ("/xmlrpc", ""),
}


@dataclass(frozen=True)
class Client:
    """A program and how to run it. In `command` and `env`, {here} is the folder of the programs, {built} the
    folder that `build` made.

    `needs` are names for `@pytest.mark.needs`. `how` tells the table's reader what must be done for it.
    `noise` matches what its runtime writes to standard error whatever the program does. `once` says that it
    sends options: a dry run, an idempotency key, no time to wait.
    """

    name: str
    wire: str
    command: tuple[str, ...]
    needs: tuple[str, ...] = ()
    build: Build | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    how: str = ""
    noise: str = ""
    once: bool = False

    @property
    def slug(self) -> str:
        return re.sub(r"[^a-z0-9]+", "-", f"{self.name} {self.wire}".lower())


@dataclass(frozen=True)
class Names:
    """What a client may take: no two clients meet, and another run finds them free."""

    domain: str
    unixname: str
    reseller: str
    slow: str


def names(number: int, client: Client) -> Names:
    domain, reseller = f"{client.slug}-client.com", f"{client.slug}@resellers.com"
    return Names(domain, f"client{number}", reseller, f"slow{number}")


@dataclass(frozen=True)
class Told:
    """What a program said: the steps that came true, and the version of its library."""

    steps: tuple[str, ...]
    version: str


def run(client: Client, sandbox: Sandbox, own: Names) -> Told:
    """Run a client program to its end; nothing that it saw may be wrong."""
    base = sandbox.soap.removesuffix("/soap")
    path, wsdl = WIRES[client.wire]
    built = client.build.folder() if client.build else HERE
    temporary = os.environ["TMPDIR"]
    env = {
        "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": temporary, "TMPDIR": temporary,
        **{name: placed(value, here=HERE, built=built) for name, value in client.env.items()},
        "IWAPI_URL": base + path, "IWAPI_WSDL": base + wsdl if wsdl else "", "IWAPI_KEY": sandbox.api_key,
        "IWAPI_DOMAIN": own.domain, "IWAPI_UNIXNAME": own.unixname, "IWAPI_RESELLER": own.reseller,
        "IWAPI_SLOW": own.slow,
    }  # fmt: skip
    words = [placed(word, here=HERE, built=built) for word in client.command]
    done = subprocess.run(
        words, env=env, cwd=HERE, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS
    )
    return heard(client, done.returncode, done.stdout.decode(), done.stderr.decode())


def heard(client: Client, status: int, output: str, errors: str) -> Told:
    """What a program said; a step that is wrong or missing, or anything else, is an AssertionError."""
    said = f"\n{output}{errors}"
    noise = [line for line in errors.splitlines() if not (client.noise and re.fullmatch(client.noise, line))]
    assert (status, noise) == (0, []), said
    *lines, last = output.splitlines() or [""]
    assert last == "end", said
    words = [line.partition(" ") for line in lines]
    assert {word for word, _, _ in words} <= {"ok", "version"}, said
    steps = tuple(rest for word, _, rest in words if word == "ok")
    assert steps == _expected(client), said
    return Told(steps, next((rest for word, _, rest in words if word == "version"), ""))


def _expected(client: Client) -> tuple[str, ...]:
    left_out = {_WITH_OPTIONS: not client.once, _BY_XMLRPC: client.wire != "xmlrpc"}
    return tuple(step for step in STEPS if not left_out.get(step))


# What the audit calls the changes of an account and of a reseller, in their order.
_TYPED = (
    "createSiteWorxAccount", "suspendSiteWorxAccount", "unsuspendSiteWorxAccount", "changeSiteWorxPackage",
    "changeSiteWorxPassword", "deleteSiteWorxAccount",
)  # fmt: skip
_ROUTED = ("createSiteWorxAccount", *["/nodeworx/siteworx/edit"] * 4, "/nodeworx/siteworx/delete")
_RESELLER = ("createReseller", "editReseller", "editReseller")


def seen_from_outside(client: Client, sandbox: Sandbox, own: Names) -> None:
    """The account is closed and has its new password, the reseller is gone, the audit tells both stories."""
    typed = client.wire.startswith("typed")
    account = "select state, argon2 from account where domain = ? and uniqname = ?"
    ((state, verifier),) = rows(sandbox.state, account, own.domain, own.unixname)
    assert state == "parked"
    assert argon2.PasswordHasher().verify(verifier, PASSWORD)
    assert _audit(sandbox, own.domain) == (_TYPED if typed else _ROUTED)
    deleted = "deleteReseller" if typed else "/nodeworx/reseller/delete"
    assert _audit(sandbox, f"reseller:{own.reseller}") == (*_RESELLER, deleted)
    resellers = "select count(*) from nodeworx_user where email = ? and deleted is null"
    assert rows(sandbox.state, resellers, own.reseller) == [(0,)]


def _audit(sandbox: Sandbox, about: str) -> tuple[str, ...]:
    """The actions of the audit that changed something, as it names them."""
    sql = "select action from audit where about = ? and wire <> 'engine' and result = 'ok' order by id"
    return tuple(action for (action,) in rows(sandbox.state, sql, about))
