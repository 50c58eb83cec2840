"""What `route` answers: a status and a payload, in the words and shapes that billing modules look for."""

from typing import Any

import pytest

from iwapi.asked import Outcome
from iwapi.errors import (
    AccountNotFound,
    ApiError,
    DomainTaken,
    InvalidInput,
    NotAuthenticated,
    Pending,
    Problem,
    Throttled,
)
from iwapi.wires.phpsoap import write_route
from iwapi.wires.routecall import Rows, route_answer
from iwapi.wires.xmlrpcanswers import write_answer
from tests.wires.routed import DELETE, EDIT, WIRE


@pytest.mark.parametrize(
    ("error", "status", "first"),
    [
        (AccountNotFound(), 11, "There is no such account."),
        (DomainTaken(Problem("master_domain", "a.com", "Domain name already exists")), 11,
         f"{InvalidInput.staff}\nmaster_domain: a.com Domain name already exists\nUsage: domain, "),
        (Pending(job=7), 11, "The change is still in progress (job 7), repeat this call.\nUsage: domain"),
        (NotAuthenticated(), 401,
         "The credentials were not accepted.\nUsage: apikey, ctrl_name, action, input"),
        (Throttled(seconds=9), 401, "Too many failed attempts. Try again in 9 seconds."),
    ],
)  # fmt: skip
def test_an_error_is_a_status_and_one_text(error: ApiError, status: int, first: str) -> None:
    found, text = WIRE.answer(Outcome(error=error), EDIT)
    assert (found, type(found)) == (status, int)
    assert text.startswith(first)
    assert "Usage: " in text
    if status == 11:
        assert text.endswith(
            "\nUsage: domain, status (0|1), nickname, password, packagetemplate, OPT_STORAGE, names, "
            "level (weak|very strong)"
        )


def test_success_is_zero_with_a_sentence() -> None:
    assert WIRE.answer(Outcome("Done."), EDIT) == (0, "Done.")


def test_rows_have_the_shape_of_their_action_and_none_is_the_empty_array() -> None:
    assert WIRE.answer(Outcome((1, 2)), DELETE) == (0, Rows("map", [{"id": 1}, {"id": 2}]))
    for payload in (WIRE.answer(Outcome(()), DELETE)[1], [], {}, Rows("object", []), Rows("list", [])):
        for version, empty in (("1.1", b'arrayType="xsd:ur-type[0]"'), ("1.2", b'enc:arraySize="0"')):
            assert empty in write_route(version, 0, payload)  # type: ignore[arg-type]


@pytest.mark.parametrize("payload", [None, ""])
def test_nothing_is_never_an_answer(payload: Any) -> None:
    with pytest.raises(ValueError, match="a payload is never empty"):
        write_answer(route_answer(*WIRE.answer(Outcome(payload), EDIT)))
    with pytest.raises(ValueError, match="a payload is never empty"):
        write_route("1.1", *WIRE.answer(Outcome(payload), EDIT))
