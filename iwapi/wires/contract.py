"""The contract, published by Spyne: an Application for each typed service, its WSDL and its XSD.

The methods of an Application are real: each hands its values to dispatch, and Spyne's own server can serve
them. The product lets no byte from outside reach Spyne; what it serves is the WSDL.
"""

from __future__ import annotations

import html
import inspect
from collections.abc import Callable
from concurrent.futures import Future
from functools import cache
from typing import Any

from lxml import etree

from iwapi.action import Action, Catalogue
from iwapi.asked import Asked, Credentials, Dispatch, Options, Outcome, Reply
from iwapi.errors import CATALOGUE, ApiError, Unavailable
from iwapi.kinds import Kind, Plain, Raw
from iwapi.shape import Field, Shape, shape_of
from iwapi.wires._spyne import (
    Application,
    Boolean,
    ComplexModel,
    DateTime,
    Fault,
    Integer32,
    Integer64,
    Service,
    Soap11,
    Unicode,
    Wsdl11,
    rpc,
)
from iwapi.wires.answers import RESULT, detail_element
from iwapi.wires.corrections import corrected, schema_of
from iwapi.wires.faults import FaultDetail, fault_name, faults_of
from iwapi.wires.natives import native_of, text_of
from iwapi.wires.routewsdl import route_wsdl
from iwapi.wires.services import AUTH, OPTIONS, TypedService, typed_services

_TYPES = {"string": Unicode, "boolean": Boolean, "dateTime": DateTime, "int": Integer32, "long": Integer64}
_FACETS = {"minLength": "min_len", "maxLength": "max_len", "pattern": "pattern",
           "minInclusive": "ge", "maxInclusive": "le"}  # fmt: skip
_TRANSPORT = "http://schemas.xmlsoap.org/soap/http"
_ANY_ADDRESS = "urn:iwapi:address"  # stands in the WSDL until it is known where it is served


def wsdl(service: TypedService, address: str) -> bytes:
    """The service's WSDL, with the address that its clients shall call."""
    return _wsdl(service).replace(_ANY_ADDRESS.encode(), html.escape(address).encode())


@cache
def xsd(service: TypedService) -> bytes:
    """The schema in the service's WSDL, as a document of its own."""
    return etree.tostring(schema_of(etree.fromstring(_wsdl(service))), xml_declaration=True, encoding="utf-8")


def contract_files(catalogue: Catalogue) -> dict[str, bytes]:
    """The committed contract: every WSDL by file name, for a server on this machine."""
    services = typed_services(catalogue)
    return {
        "iwapi.wsdl": wsdl(services["billing"], "http://localhost:2080/soap/billing"),
        "admin.wsdl": wsdl(services["admin"], "http://localhost:2444/soap/admin"),
        "route.wsdl": route_wsdl("http://localhost:2080/soap"),
    }


@cache
def _wsdl(service: TypedService) -> bytes:
    published = application(service, _unserved, str)
    published.transport = _TRANSPORT
    document = Wsdl11(published.interface)
    document.build_interface_document(_ANY_ADDRESS)
    root = corrected(etree.fromstring(document.get_interface_document()), _texts(service))
    return etree.tostring(root, xml_declaration=True, encoding="utf-8") + b"\n"


def _texts(service: TypedService) -> dict[str, str]:
    """What the types of the schema mean, by name: the docstrings of errors and of structs."""
    texts = {fault_name(kind): inspect.getdoc(kind) or "" for kind in CATALOGUE.values()}
    texts[OPTIONS] = inspect.getdoc(Options) or ""
    shapes = [shape_of(FaultDetail), *(action.answer for action in service.actions)]
    shapes += [item.shape for action in service.actions for item in action.input.fields]
    for shape in shapes:
        if shape.struct is not None:
            texts[shape.struct.__name__] = inspect.getdoc(shape.struct) or ""
            shapes += [item.shape for item in shape.fields]
    return texts


def _unserved(_: Asked, reply: Reply) -> None:
    reply(Outcome(error=Unavailable(reason="this application only publishes")))


def application(service: TypedService, dispatch: Dispatch, request_id: Callable[[], str]) -> Application:
    """The service as a Spyne Application. Its methods block until dispatch replies."""
    models = _Models(service.namespace)
    headers = models.struct(AUTH, service.auth.fields), models.struct(OPTIONS, service.options.fields)
    faults = {kind: models.fault(kind) for kind in CATALOGUE.values()}
    port = service.name.capitalize()
    methods = {}
    for name, action in service.operations.items():
        inputs = action.input.fields
        declare = rpc(
            *(models.member(item.shape, int(item.required), _documented(item)) for item in inputs),
            _args=[item.name for item in inputs],
            _returns=models.member(action.answer, _least(action.answer)),
            _out_variable_name=RESULT,
            _in_header=headers,
            _throws=[faults[kind] for kind in faults_of(action)],
            _port_type=port,
            _wsdl_part_name="parameters",  # svcutil unwraps a message only where its part is called so
        )
        methods[name] = declare(_method(service, action, dispatch, request_id))
    published = type(f"{port}Service", (Service,), {"__port_types__": (port,), **methods})
    return Application(
        [published], service.namespace, name=f"iwapi-{service.name}", classes=list(faults.values()),
        in_protocol=Soap11(validator="lxml"),
        out_protocol=Soap11(cleanup_namespaces=False),  # clean, the prefix in a fault's xsi:type is gone
    )  # fmt: skip


def _method(
    service: TypedService, action: Action, dispatch: Dispatch, request_id: Callable[[], str]
) -> Callable[..., Any]:
    """The method of an operation: Spyne's values to dispatch, its answer or error back."""

    def serve(context: Any, *values: Any) -> Any:
        members = zip(action.input.fields, values, strict=True)
        raw = {item.name: text_of(item.shape, value) for item, value in members}
        auth, options = context.in_header or (None, None)
        asked = Asked(
            action, raw, _credentials(service.auth, auth), service.wire, request_id(),
            options=_given(service.options, options),
        )  # fmt: skip
        replied: Future[Outcome] = Future()
        dispatch(asked, replied.set_result)
        outcome = replied.result()
        if (error := outcome.error) is not None:
            detail = etree.fromstring(detail_element(service.namespace, error, asked.request_id))
            raise Fault(error.fault, error.message, detail=detail)
        answer = native_of(action.answer, outcome.answer)
        if outcome.delivered is not None:
            outcome.delivered()
        return answer

    serve.__name__ = str(action.name)
    serve.__doc__ = action.help
    return serve


def _credentials(auth: Shape, header: Any) -> Credentials:
    if header is None:
        return Credentials()
    given: dict[str, Any] = {item.name: getattr(header, item.name) for item in auth.fields}
    for item in auth.fields:
        if item.shape.secret and given[item.name] is not None:
            given[item.name] = Plain(given[item.name])
    return Credentials(**given)


def _given(options: Shape, header: Any) -> dict[str, Raw]:
    """The members that a header gives."""
    found = {item.name: text_of(item.shape, getattr(header, item.name, None)) for item in options.fields}
    return {name: value for name, value in found.items() if value is not None}


class _Models:
    """Spyne's models of the shapes of one service; each struct has one."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace
        self._structs: dict[type, Any] = {}
        self._any_fault = self.struct(FaultDetail.__name__, shape_of(FaultDetail).fields)

    def struct(self, name: str, fields: tuple[Field, ...]) -> Any:
        members = {}
        for item in fields:
            least = _least(item.shape) if item.required else 0
            members[item.name] = self.member(item.shape, least, _documented(item), answered=True)
        return ComplexModel.produce(self.namespace, name, members)

    def fault(self, kind: type[ApiError]) -> Any:
        """The detail of a code: its own type, which extends what all of them hold."""
        name = fault_name(kind)
        about = {"__namespace__": self.namespace, "__type_name__": name}
        return type(self._any_fault)(name, (self._any_fault,), about)

    def member(self, shape: Shape, least: int, doc: str | None = None, answered: bool = False) -> Any:
        """The model of a member. What is optional is left out, never nil; many are a repeated element.

        A number that is answered has XSD's own type: some clients take a derived one for a text.
        """
        about: dict[str, Any] = {
            "nillable": False,
            "min_occurs": least,
            "max_occurs": "unbounded" if shape.many else 1,
            "doc": doc,
        }
        if shape.kind is not None:
            plain = not shape.kind.facets or (answered and shape.kind.xsd in ("int", "long"))
            return _TYPES[shape.kind.xsd].customize(**about) if plain else self._derived(shape.kind, about)
        assert shape.struct is not None
        if shape.struct not in self._structs:
            self._structs[shape.struct] = self.struct(shape.struct.__name__, shape.fields)
        return self._structs[shape.struct].customize(**about)

    def _derived(self, kind: Kind, about: dict[str, Any]) -> Any:
        about |= {_FACETS[name]: value for name, value in kind.facets.items() if name in _FACETS}
        values = [value for value in str(kind.facets.get("enumeration", "")).split("|") if value]
        model = _TYPES[kind.xsd].customize(**about, values=values, type_name=kind.name)
        model.__namespace__ = self.namespace
        return model


def _least(shape: Shape) -> int:
    """How often the element of a value must occur: many may be none."""
    return 0 if shape.optional or shape.many else 1


def _documented(field: Field) -> str:
    """What the schema says of a member: its meaning, what is allowed, an example, what it is when absent."""
    kind = field.shape.kind
    if kind is None or not kind.allowed:
        return field.help
    default = f"; default: {field.default}" if field.default not in (None, "", ()) else ""
    return f"{field.help} ({kind.allowed}; example: {kind.example}{default})"
