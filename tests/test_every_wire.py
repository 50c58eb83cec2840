"""The same action on any wire has the same effect, the same error and the same values.

Each action is called with inputs good and bad through every wire that can say it, each wire on a server of
its own in the same state. What the wires' clients decode is held against what the action answered, and what
the stores hold afterwards against each other.
"""

from __future__ import annotations

import dataclasses
import itertools
import shutil
import xmlrpc.client
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from iwapi.action import Action
from iwapi.asked import Asked, Outcome, Reply
from iwapi.errors import CATALOGUE as ERRORS
from iwapi.kinds import Plain, Raw
from iwapi.provision.recording import Recording
from iwapi.shape import Shape
from iwapi.web import api
from iwapi.web.hosts import Hosts
from iwapi.web.http import Handler, Request, Response, says
from iwapi.wires.contract import wsdl
from iwapi.wires.route import RouteWire
from iwapi.wires.routewsdl import route_wsdl
from iwapi.wires.services import typed_services
from tests.helpers import ADMIN, ADMIN_PASSWORD, World, copy_installed, open_world
from tests.test_every_action import CATALOGUE, RULES, furnish, tried

_CASES = 6
_INSIDE = "example.com"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_SOAP = {"1.1": "http://schemas.xmlsoap.org/soap/envelope/", "1.2": "http://www.w3.org/2003/05/soap-envelope"}
_TYPES = {"1.1": "text/xml", "1.2": "application/soap+xml"}
_FREE = frozenset({"audit", "_yoyo_log", "_yoyo_version", "_yoyo_migration", "yoyo_lock", "session"})
_NAMES_THE_CALL = frozenset({"request_id", "action", "last_client", "last_address", "last_used", "steps"})


@dataclasses.dataclass(frozen=True)
class Told:
    """What a client was told: a value, or the code of an error; on `route` a status and its text."""

    value: Any = None
    code: str | None = None
    status: int = 0


class Server:
    """One server in the furnished state, reached by bytes; `outcomes` are what its actions answered."""

    def __init__(self, world: World, key: str) -> None:
        self.world = world
        self.key = key
        self.outcomes: list[Outcome] = []
        services, hosts = typed_services(CATALOGUE), Hosts(lambda _: True, "https://panel.example.net")
        self._billing: Handler = api.billing(
            services["billing"], partial(wsdl, services["billing"]), RouteWire(CATALOGUE), route_wsdl,
            self._dispatch, hosts,
        )  # fmt: skip
        self._admin: Handler = api.admin(
            services["admin"], partial(wsdl, services["admin"]), self._dispatch, hosts,
            lambda _, answer: answer(says(404)),
        )  # fmt: skip

    def _dispatch(self, asked: Asked, reply: Reply) -> None:
        (outcome,) = self.world.outcomes(asked)
        self.outcomes.append(outcome)
        reply(outcome)

    def send(self, path: str, body: bytes, media: str) -> Response:
        answers: list[Response] = []
        request = Request(
            "the-request", "POST", path, "", {"content-type": media, "user-agent": "test"}, body,
            "198.51.100.7", True, "panel.example.net",
        )  # fmt: skip
        (self._admin if path == "/soap/admin" else self._billing)(request, answers.append)
        (response,) = answers
        return response

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Everything that the store holds, but what names the call itself."""
        self.world.settle()
        tables = [
            name for (name,) in self.world.rows("select name from sqlite_master where type = 'table'")
            if name not in _FREE and not name.startswith("sqlite_")
        ]  # fmt: skip
        held = {}
        for table in sorted(tables):
            columns = [name for _, name, *_ in self.world.rows(f"select * from pragma_table_info('{table}')")]
            held[table] = [
                {
                    name: value for name, value in zip(columns, row, strict=True)
                    if name not in _NAMES_THE_CALL
                }
                for row in self.world.rows(f"select * from {table}")
            ]  # fmt: skip
        return held


# Typed SOAP.


def typed(version: str, server: Server, action: Action, raw: Mapping[str, Raw]) -> Told:
    soap, namespace = _SOAP[version], f"urn:iwapi:{action.service}:1"
    envelope = etree.Element(f"{{{soap}}}Envelope", nsmap={"s": soap, "t": namespace})
    auth = etree.SubElement(etree.SubElement(envelope, f"{{{soap}}}Header"), f"{{{namespace}}}Auth")
    proof = {"apikey": server.key} if action.service == "billing" else {"email": ADMIN}
    _put(auth, proof if "apikey" in proof else {**proof, "password": ADMIN_PASSWORD}, namespace)
    call = etree.SubElement(etree.SubElement(envelope, f"{{{soap}}}Body"), f"{{{namespace}}}{action.name}")
    _put(call, raw, namespace)
    path = "/soap/admin" if action.service == "admin" else "/soap/billing"
    response = server.send(path, etree.tostring(envelope), _TYPES[version])
    root = etree.fromstring(response.body)
    if response.status != 200:
        return Told(code=root.xpath("string(//*[local-name()='code'])"))
    (result,) = root.xpath("//*[local-name()='result']") if not action.answer.many else [root]
    if action.answer.many:
        return Told([_typed(action.answer, row) for row in root.xpath("//*[local-name()='result']")])
    return Told(_typed(action.answer, result))


def _put(parent: etree._Element, members: Mapping[str, Raw], namespace: str) -> None:
    for name, value in members.items():
        for item in value if isinstance(value, list) else [value]:
            etree.SubElement(parent, f"{{{namespace}}}{name}").text = str(item)


def _typed(shape: Shape, element: etree._Element) -> Any:
    """An element as the value that its kind makes of its text."""
    if shape.kind is not None:
        return _value(shape.kind.parse(element.text or "", RULES))
    found: dict[str, Any] = {}
    for item in shape.fields:
        values = [_typed(item.shape, child) for child in element if etree.QName(child).localname == item.name]
        if values or item.shape.many:
            found[item.name] = values if item.shape.many else values[0]
    return found


# Route by SOAP.


def route(version: str, server: Server, action: Action, raw: Mapping[str, Raw]) -> Told:
    assert action.route is not None
    soap = _SOAP[version]
    envelope = etree.Element(f"{{{soap}}}Envelope", nsmap={"s": soap, "xsi": _XSI})
    call = etree.SubElement(etree.SubElement(envelope, f"{{{soap}}}Body"), "{urn:any}route")
    _struct(etree.SubElement(call, "apikey"), {"apikey": server.key, "domain": _INSIDE})
    etree.SubElement(call, "ctrl_name").text = action.controller
    etree.SubElement(call, "action").text = action.route.action
    _struct(etree.SubElement(call, "input"), raw)
    response = server.send("/soap", etree.tostring(envelope), _TYPES[version])
    assert response.status == 200, response.body
    (answer,) = etree.fromstring(response.body).xpath("//*[local-name()='return']")
    told = _decoded(answer)
    return Told(told["payload"], status=int(told["status"]))


def _struct(element: etree._Element, members: Mapping[str, Raw]) -> None:
    element.set(f"{{{_XSI}}}type", "SOAPStruct")
    for name, value in members.items():
        child = etree.SubElement(element, name)
        if isinstance(value, list):
            child.set(f"{{{_XSI}}}type", "Array")
            for item in value:
                etree.SubElement(child, "item").text = str(item)
        else:
            child.text = str(value)


_SCALARS = {"int": int, "long": int, "string": str, "double": float, "boolean": lambda text: text == "true"}


def _decoded(element: etree._Element) -> Any:
    """A value by the type that it carries."""
    if element.get(f"{{{_XSI}}}nil") == "true":
        return None
    kind = element.get(f"{{{_XSI}}}type").rpartition(":")[2]
    if kind in _SCALARS:
        return _SCALARS[kind](element.text or "")
    if kind == "Map":
        return {_decoded(item[0]): _decoded(item[1]) for item in element}
    if kind == "Struct":
        return {etree.QName(member).localname: _decoded(member) for member in element}
    assert kind == "Array", kind
    return [_decoded(item) for item in element]


# XML-RPC.


def _xmlrpc(server: Server, method: str, *params: Any) -> Response:
    return server.send("/xmlrpc", xmlrpc.client.dumps(params, method).encode(), "text/xml")


def xmlrpc_route(server: Server, action: Action, raw: Mapping[str, Raw]) -> Told:
    assert action.route is not None
    log_in = {"apikey": server.key, "domain": _INSIDE}
    response = _xmlrpc(server, "iworx.route", log_in, action.controller, action.route.action, dict(raw))
    assert response.status == 200, response.body
    ((told,), _) = xmlrpc.client.loads(response.body)
    return Told(told["payload"], status=told["status"])


def xmlrpc_typed(server: Server, action: Action, raw: Mapping[str, Raw]) -> Told:
    response = _xmlrpc(server, f"iwapi.{action.name}", server.key, dict(raw))
    try:
        ((told,), _) = xmlrpc.client.loads(response.body, use_builtin_types=True)
    except xmlrpc.client.Fault as fault:
        (code,) = [code for code, kind in ERRORS.items() if kind.number == fault.faultCode]
        return Told(code=code)
    return Told(told)


def wires(action: Action) -> Iterator[tuple[str, Any]]:
    """Every wire that can say the action."""
    if action.name:
        for version in _SOAP:
            yield f"typed SOAP {version}", partial(typed, version)
    if action.name and action.service == "billing":
        yield "typed XML-RPC", xmlrpc_typed
    if action.route:
        for version in _SOAP:
            yield f"route by SOAP {version}", partial(route, version)
        yield "route by XML-RPC", xmlrpc_route


def _value(value: Any) -> Any:
    """A scalar in the form in which all clients' values are compared."""
    if isinstance(value, Plain):
        return value.reveal
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    return value


def _plain(shape: Shape, value: Any) -> Any:
    """What a typed client must see of an answer."""
    if shape.many:
        return [_plain(dataclasses.replace(shape, many=False), item) for item in value]
    if shape.kind is not None:
        return _value(value)
    return {
        item.name: _plain(item.shape, member) for item in shape.fields
        if (member := getattr(value, item.name)) is not None
    }  # fmt: skip


def _payload(action: Action, answer: Any) -> Any:
    """What a client of `route` must see of an answer."""
    assert action.route is not None
    make = action.route.answer
    rows = [make(row) for row in answer] if action.answer.many else make(answer)
    return "\n".join(rows) if action.route.shape == "sentence" and isinstance(rows, list) else rows


def _as_xmlrpc(value: Any) -> Any:
    """XML-RPC has no nil and no empty text of its own type, and names members by texts."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return {str(name): _as_xmlrpc(member) for name, member in value.items()}
    return [_as_xmlrpc(item) for item in value] if isinstance(value, list | tuple) else value


def _lists(value: Any) -> Any:
    """An empty map is an empty list on `route`."""
    if isinstance(value, Mapping):
        return {name: _lists(member) for name, member in value.items()} or []
    return [_lists(item) for item in value] if isinstance(value, list | tuple) else value


def check(name: str, action: Action, outcome: Outcome, told: Told) -> None:
    """What a client was told is what the action answered."""
    error, routed = outcome.error, name.startswith("route")
    if routed and error is not None:
        assert told.status == error.status
        assert isinstance(told.value, str)
        assert all(f"{problem.field}: " in told.value for problem in error.problems)
        assert all(problem.problem in told.value for problem in error.problems)
    elif error is not None:
        assert told.code == error.code
    elif routed:
        wanted = _lists(_payload(action, outcome.answer))
        assert told.status == 0
        assert told.value == (_as_xmlrpc(wanted) if "XML-RPC" in name else wanted)
        assert told.value is not None
        assert told.value != ""
    else:
        assert told.code is None
        assert told.value == _plain(action.answer, outcome.answer)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A state with accounts, packages, resellers and whatever actions want, and the master's key."""
    state = copy_installed("sqlite", tmp_path_factory.mktemp("furnished") / "state")
    world = open_world(state, [Recording()])
    world.reseller("taken@example.com")
    furnish(world)
    sent = world.key()
    world.call("ping", by=sent)  # its last use is known before any wire tells it
    world.settle()
    assert sent.apikey is not None
    world.panel.close()
    return state, sent.apikey.reveal


def _cases(action: Action) -> list[dict[str, Raw]]:
    """A few inputs, good ones first; the empty text is no input on some wires, so none has it.

    What changes the key that calls come with is called once.
    """
    cases = [raw for raw in tried(action) if "" not in raw.values()]
    if action.writes and action.controller == "/nodeworx/apikey":
        return cases[:1]
    return cases[:: max(1, len(cases) // _CASES)][: _CASES + 1]


SAID = [item for item in CATALOGUE.actions if item.name or item.route]


@pytest.mark.parametrize("action", SAID, ids=lambda action: action.path)
def test_it_has_the_same_effect_error_and_values_on_every_wire(
    furnished: tuple[Path, str], tmp_path: Path, action: Action, cheap_passwords: None
) -> None:
    state, key = furnished
    seen: dict[str, tuple[list[Any], Any]] = {}
    for name, say in wires(action):
        shutil.rmtree(tmp_path / "state", ignore_errors=True)  # answers may name the folder
        world = open_world(Path(shutil.copytree(state, tmp_path / "state")), [Recording()])
        draws = itertools.count()
        world.panel.dispatch.random = lambda size, draws=draws: next(draws).to_bytes(size, "big")
        server = Server(world, key)
        for raw in _cases(action):
            made = len(server.outcomes)
            told = say(server, action, raw)
            assert len(server.outcomes) == made + 1, f"{name} {raw}: {told}"
            check(name, action, server.outcomes[-1], told)
        ended = [
            outcome.error.code if outcome.error else _plain(action.answer, outcome.answer)
            for outcome in server.outcomes
        ]
        seen[name] = ended, server.rows()
        world.panel.close()
    (first, *others) = seen.items()
    for other in others:
        assert other[1][0] == first[1][0], f"{other[0]} answers otherwise than {first[0]}"
        assert other[1][1] == first[1][1], f"{other[0]} leaves another state than {first[0]}"
