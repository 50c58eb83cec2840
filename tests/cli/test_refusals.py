"""Exit codes follow from the catalogue of errors."""

from __future__ import annotations

import pytest

from iwapi import errors
from iwapi.cli.refusals import EXIT_CODES, exit_code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.InternalError, 1),
        (errors.InvalidInput, 2),
        (errors.AccountNotFound, 3),
        (errors.PackageNotFound, 3),
        (errors.NotAuthenticated, 4),
        (errors.NotPermitted, 4),
        (errors.Throttled, 5),
        (errors.Pending, 5),
        (errors.Unavailable, 5),
        (errors.DomainTaken, 6),
        (errors.PackageInUse, 6),
        (errors.ServerFull, 6),
        (errors.IdempotencyMismatch, 6),
        (errors.GuardFailed, 6),
        (errors.DryRun, 0),
    ],
)
def test_each_kind_of_error_has_its_exit_code(error: type[errors.ApiError], code: int) -> None:
    assert exit_code(error) == code


def test_every_error_has_an_exit_code_with_a_meaning() -> None:
    assert {exit_code(error) for error in errors.CATALOGUE.values()} == EXIT_CODES.keys()
