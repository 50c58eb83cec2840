"""The catalogue of errors: each has its own code and number, and two texts."""

import re
import string

import pytest

from iwapi.errors import (
    CATALOGUE,
    ApiError,
    DomainTaken,
    InvalidInput,
    Pending,
    Problem,
    Throttled,
    UnixNameTaken,
    refuse,
)

EACH = pytest.mark.parametrize("error", CATALOGUE.values(), ids=CATALOGUE)


def facts(error: type[ApiError]) -> dict[str, str]:
    return {name: name.upper() for _, name, _, _ in string.Formatter().parse(error.staff) if name}


@EACH
def test_an_error_has_all_that_wires_say_of_it(error: type[ApiError]) -> None:
    assert re.fullmatch(r"[A-Z][A-Z_]+", error.code)
    assert error.__doc__
    assert error.fault in ("Client", "Server")
    assert error.http in (500, 503)
    assert error.status in (11, 401)  # InterWorx knows no other that clients take for a failure
    assert error.staff.endswith(".") or error.staff.endswith("}")
    assert error.customer.endswith(".")
    assert "{" not in error.customer


@EACH
def test_the_customer_is_told_no_fact(error: type[ApiError]) -> None:
    made = error(**facts(error))
    assert all(fact.upper() in made.text for fact in facts(error))
    assert not any(fact.upper() in made.customer for fact in facts(error))


@EACH
def test_an_unknown_outcome_is_a_503_and_a_503_may_be_tried_again(error: type[ApiError]) -> None:
    if error.http == 503:
        assert error.retryable


@pytest.mark.parametrize(
    "code", ["DRY_RUN", "ALREADY_DONE", "NEEDS_APPROVAL", "NOT_CANCELLABLE", "OUTCOME_UNKNOWN", "PENDING"]
)
def test_what_did_not_fail_is_not_told_as_a_failure(code: str) -> None:
    assert CATALOGUE[code].customer != ApiError.customer


def test_codes_and_numbers_are_each_error_s_own() -> None:
    every = ApiError.__subclasses__()
    assert (
        len({error.code for error in every})
        == len({error.number for error in every})
        == len(every)
        == len(CATALOGUE)
    )


def test_the_message_names_every_wrong_input() -> None:
    error = InvalidInput(Problem("domain", "x", "is wrong", "a domain"), Problem("email", "", "is missing"))
    assert error.message.split("\n") == [
        InvalidInput.staff,
        "domain: x is wrong (allowed: a domain)",
        "email: is missing",
    ]


def test_facts_are_told_as_they_are() -> None:
    assert Pending(job=7).text == "The change is still in progress (job 7), repeat this call."
    assert Throttled(seconds="{x}").text == "Too many failed attempts. Try again in {x} seconds."


TAKEN = Problem("master_domain", "a.com", "taken", code="DOMAIN_TAKEN")
NAME = Problem("uniqname", "a", "taken", code="UNIX_NAME_TAKEN")
INVALID = Problem("email", "", "missing")


@pytest.mark.parametrize(
    ("problems", "error"),
    [
        ([TAKEN], DomainTaken), ([TAKEN, TAKEN], DomainTaken), ([NAME], UnixNameTaken), ([INVALID],
        InvalidInput),
        ([TAKEN, NAME], InvalidInput), ([TAKEN, INVALID], InvalidInput),
    ],
)  # fmt: skip
def test_problems_are_refused_by_the_code_they_share_and_all_are_named(
    problems: list[Problem], error: type[ApiError]
) -> None:
    with pytest.raises(error) as refusal:
        refuse(iter(problems))
    assert list(refusal.value.problems) == problems


def test_without_problems_nothing_is_refused() -> None:
    refuse([])
