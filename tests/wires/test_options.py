"""Options beside the credentials, in the first parameter of `route` and of XML-RPC."""

from __future__ import annotations

from typing import Any, Literal

import pytest

import iwapi.actions
from iwapi.action import collect
from iwapi.asked import Credentials, Outcome
from iwapi.errors import Change, DryRun, Pending
from iwapi.kinds import Plain, Raw
from iwapi.wires.credentials import OPTIONS, credentials_of, options_of
from iwapi.wires.methods import operated
from iwapi.wires.route import RouteWire
from iwapi.wires.routecall import route_call

CATALOGUE = collect(iwapi.actions)
WIRE = RouteWire(CATALOGUE)
GIVEN: dict[str, Raw] = {"idempotency_key": "order-1234", "wait_seconds": "5", "dry_run": "1"}


@pytest.mark.parametrize(
    "proof",
    [
        {"apikey": "K"}, {"apikey": "K", "domain": "a.com"}, {"email": "e", "password": "P"},
        {"email": "e", "password": "P", "domain": "a.com"}, {"sessionid": "S"},
        {"sessionid": "S", "domain": None},
    ],
)  # fmt: skip
@pytest.mark.parametrize("given", [{}, GIVEN, {"dry_run": "0"}, {"wait_seconds": ["1", "2"]}], ids=str)
def test_options_stand_beside_credentials_of_every_form(proof: dict[str, Raw], given: dict[str, Raw]) -> None:
    sent = {**proof, **given}
    assert options_of(sent) == given
    assert credentials_of(sent, "", "") == credentials_of(proof, "", "") != Credentials()


@pytest.mark.parametrize("sent", [None, "", "K", [], ["dry_run"], [["dry_run", "1"]], {}, {"dry_run": None}])
def test_where_none_are_given_there_are_none(sent: Raw) -> None:
    assert options_of(sent) == {}


@pytest.mark.parametrize(
    "sent",
    [
        GIVEN, {"apikey": "K", "dryrun": "1"}, {"apikey": "K", "Dry_Run": "1"},
        {"apikey": "K", "idempotency-key": "x"}, {"apikey": "K", "dry_run": "1", "more": ""},
        {"apikey": "K", "options": GIVEN},
    ],
)  # fmt: skip
def test_anything_else_beside_credentials_still_proves_nothing(sent: dict[str, Raw]) -> None:
    assert credentials_of(sent, "", "") == Credentials()


@pytest.mark.parametrize("wire", ["route", "xmlrpc"])
def test_route_takes_them_from_the_first_part_and_never_from_the_inputs(
    wire: Literal["route", "xmlrpc"],
) -> None:
    parts: dict[str, Raw] = {
        "apikey": {"apikey": "K", **GIVEN}, "ctrl_name": "/nodeworx/siteworx", "action": "delete",
        "input": {"domain": "example.com", "dry_run": "0"},
    }  # fmt: skip
    asked = WIRE.asked(route_call(parts), wire, "", "", "id1")
    assert (asked.options, asked.credentials) == (GIVEN, Credentials(apikey=Plain("K")))
    assert "K" not in repr(asked)


@pytest.mark.parametrize(
    ("params", "first", "inputs"),
    [
        (({"apikey": "K", "domain": "a.com", **GIVEN},), {"apikey": "K", **GIVEN}, {"domain": "a.com"}),
        (({"apikey": "K", "dry_run": None},), {"apikey": "K", "dry_run": None}, {}),
        (({"apikey": "K", **GIVEN}, {"domain": "a.com"}), {"apikey": "K", **GIVEN}, {"domain": "a.com"}),
        (({"apikey": "K"}, {"dry_run": "1"}), {"apikey": "K"}, {"dry_run": "1"}),  # a wrong input
    ],
)
def test_an_operation_takes_them_where_its_key_is(params: Any, first: Any, inputs: Any) -> None:
    assert operated(params) == (first, inputs)


def test_no_input_is_called_as_an_option() -> None:
    for action in CATALOGUE.actions:
        assert not {item.name for item in action.input.fields} & {*OPTIONS}, action.path


def test_what_is_not_done_is_never_a_success_on_route() -> None:
    action = CATALOGUE.routed["/nodeworx/siteworx", "delete"]
    pending, dry = Pending(job=7), DryRun([Change("a.com", "status", "active", "")], ["12 mailboxes go"])
    status, text = WIRE.answer(Outcome(error=pending), action)
    assert (status, text.partition("\nUsage: ")[0]) == (
        11, "The change is still in progress (job 7), repeat this call.",
    )  # fmt: skip
    assert len(dry.message.splitlines()) == 3
    status, text = WIRE.answer(Outcome(error=dry), action)
    assert (status, text.partition("\nUsage: ")[0].splitlines()) == (
        11, dry.message.splitlines(),
    )  # fmt: skip
