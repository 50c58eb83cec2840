"""What XML-RPC says of its methods, and what their params mean."""

import re
from typing import Any

import pytest

from iwapi.errors import UnknownAction, Unreadable
from iwapi.kinds import Raw
from iwapi.wires.methods import Methods, operated, routed
from iwapi.wires.routecall import RouteCall
from iwapi.wires.xmlrpc import MethodCall
from tests.wires.made_up import BILLING

METHODS = Methods(BILLING)
OPERATIONS = ["createThing", "listThings", "listNames", "findThing", "deleteThing", "countThings"]


def told(method: str, *params: Raw) -> Any:
    return METHODS.tells(MethodCall(method, params))


def test_every_typed_operation_of_the_service_is_a_method() -> None:
    assert told("system.listMethods") == [
        "iworx.route", *(f"iwapi.{name}" for name in OPERATIONS),
        "system.listMethods", "system.methodSignature", "system.methodHelp",
    ]  # fmt: skip
    assert [action.name for action in METHODS.operations.values()] == OPERATIONS


@pytest.mark.parametrize(
    ("method", "signatures"),
    [
        ("iwapi.createThing", ["struct string struct", "struct struct struct", "struct struct"]),
        ("iwapi.listThings", ["array string struct", "array struct struct", "array struct"]),
        ("iwapi.listNames", ["array string", "array struct", "array string struct", "array struct struct"]),
        ("iwapi.deleteThing", ["string string struct", "string struct struct", "string struct"]),
        ("iwapi.countThings", ["int string", "int struct", "int string struct", "int struct struct"]),
        (
            "iworx.route",
            ["struct string string string struct", "struct string string string",
             "struct struct string string struct", "struct struct string string"],
        ),
        ("system.listMethods", ["array"]),
        ("system.methodSignature", ["array string"]),
        ("system.methodHelp", ["string string"]),
    ],
)  # fmt: skip
def test_a_signature_is_the_answer_and_then_the_params(method: str, signatures: list[str]) -> None:
    assert told("system.methodSignature", method) == [tuple(text.split()) for text in signatures]


def test_the_help_of_an_operation_is_its_declaration() -> None:
    text = told("system.methodHelp", "iwapi.createThing")
    assert text.startswith("Make a thing & return it.\n\nInputs:\n  domain (string, required, a domain name")
    for line in (
        "  email (string, required, an e-mail address as me@example.com): its contact",
        "  strength (string, weak, very strong): how strong",
        "  others (array): where else it is",
        "    ports (array, a whole number from 0 to 999999999, 999999999 is unlimited): its ports",
        "  made (dateTime.iso8601): when it was made",
        "  active (boolean): it works",
    ):
        assert f"\n{line}\n" in text
    assert re.search(r"\n\nFaults: 3002 DOMAIN_TAKEN, 3009 SERVER_FULL, 1001 INVALID_INPUT, .*\.\Z", text)


def test_the_help_of_what_takes_and_gives_nothing_is_short() -> None:
    text = told("system.methodHelp", "iwapi.countThings")
    assert text.startswith("How many there are.\n\nFaults: ")


def test_every_method_has_a_help() -> None:
    for name in told("system.listMethods"):
        assert "." in told("system.methodHelp", name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("iwapi.find", "iwapi.find is not offered by this server. The nearest is iwapi.findThing."),
        ("route", "route is not offered by this server. The nearest is iworx.route."),
        ("makeSecret", "makeSecret is not offered by this server. The nearest is "),
        ("system.multicall", "system.multicall is not offered by this server. Make its calls one by one."),
        ("x" * 5000, "x" * 100 + " is not offered"),
    ],
    ids=["near", "short", "of another service", "multicall", "long"],
)  # fmt: skip
def test_a_method_that_is_not_there_is_told_with_the_nearest(name: str, text: str) -> None:
    assert METHODS.unknown(name[:100]).text.startswith(text)
    for method in ("system.methodHelp", "system.methodSignature"):
        with pytest.raises(UnknownAction) as refused:
            told(method, name)
        assert refused.value.text.startswith(text)
    assert told(name) is None


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("system.listMethods", ("x",)),
        ("system.methodHelp", ()),
        ("system.methodHelp", ({},)),
        ("system.methodHelp", (None,)),
        ("system.methodSignature", ("iworx.route", "x")),
    ],
)
def test_params_that_system_does_not_take_are_refused(method: str, params: tuple[Raw, ...]) -> None:
    with pytest.raises(Unreadable):
        told(method, *params)


@pytest.mark.parametrize(
    ("params", "given"),
    [
        (("k", "/c", "a"), {}),
        (("k", "/c", "a", None), {}),
        (("k", "/c", "a", ""), {}),
        (("k", "/c", "a", []), {}),
        (("k", "/c", "a", {}), {}),
        (("k", "/c", "a", {"5": "x", "n": None}), {"5": "x", "n": None}),
        (("k", "/c", "a", ["x", {"y": "z"}]), {"0": "x", "1": {"y": "z"}}),
    ],
)
def test_route_takes_its_parts_by_position(params: tuple[Raw, ...], given: dict[str, Raw]) -> None:
    assert routed(params) == RouteCall("k", "/c", "a", given)


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ((), "the part apikey is missing"),
        (("k", "/c"), "the part action is missing"),
        (("k", "/c", "a", {}, "x"), "the params of iworx.route are apikey, ctrl_name, action, input"),
        (("k", None, "a"), "the part ctrl_name is not a text"),
        (("k", "/c", ["a"]), "the part action is not a text"),
    ],
)
def test_a_route_of_another_form_is_refused(params: tuple[Raw, ...], reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        routed(params)


LOG_IN = {"email": "e", "password": "p"}


@pytest.mark.parametrize(
    ("params", "first", "given"),
    [
        ((), None, {}),
        (("k",), "k", {}),
        (("k", {"a": "1"}), "k", {"a": "1"}),
        (("k", None), "k", {}),
        (("k", []), "k", {}),
        (("k", ""), "k", {}),
        ((LOG_IN,), LOG_IN, {}),
        ((LOG_IN, {"apikey": "x"}), LOG_IN, {"apikey": "x"}),
        (({"apikey": "k"},), {"apikey": "k"}, {}),
        (({"apikey": "k", "domain": "d", "n": None},), {"apikey": "k"}, {"domain": "d", "n": None}),
        (({"apikey": "k", "domain": "d"}, {}), {"apikey": "k", "domain": "d"}, {}),
        (({"apikey": None, "a": "1"},), {"apikey": None}, {"a": "1"}),
    ],
)
def test_an_operation_takes_credentials_and_inputs_or_both_in_one_struct(
    params: tuple[Raw, ...], first: Raw, given: dict[str, Raw]
) -> None:
    assert operated(params) == (first, given)


@pytest.mark.parametrize("params", [("k", {}, {}), ("k", "x"), ("k", ["x"]), ("k", [{"a": "1"}])])
def test_other_params_of_an_operation_are_refused(params: tuple[Raw, ...]) -> None:
    with pytest.raises(Unreadable):
        operated(params)
