"""Everything a caller can be told went wrong: one class for each code of the catalogue.

An error has two texts. The staff text is exact and names inputs; the customer text is safe to show to
the customer of a billing system. Wires word errors once each, from these classes; anything else that is
raised is a bug, and leaves as `InternalError`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Literal

REQUIRED = "This input is required"
NOT_AN_OPTION = "This is not a valid option"
YOUR_ACCOUNT = "the main domain of one of your accounts"
A_RESELLER = "the id of a reseller"


@dataclass(frozen=True)
class Problem:
    """One wrong input: its name as the client wrote it, its value, what is wrong and what is allowed.

    In place of a secret's value stands a mask.
    """

    field: str
    value: str
    problem: str
    allowed: str = ""
    code: str = "INVALID_INPUT"

    def __str__(self) -> str:
        said = " ".join(part for part in (self.value, self.problem) if part)
        return f"{self.field}: {said}" + (f" (allowed: {self.allowed})" if self.allowed else "")


@dataclass(frozen=True)
class Change:
    """What a call would change: a member of something, its value before and after; none is the empty text."""

    about: str
    member: str
    before: str
    after: str

    @property
    def told(self) -> str:
        """The change in words, without what it is about."""
        was = f"{self.before} -> " if self.before else ""
        return f"{self.member}: {was}{self.after or 'none'}"


class ApiError(Exception):
    """The family. `facts` fill the staff text; `problems` name the inputs it is about.

    `job` is the one that goes on, where there is one. `changes` and `consequences` are what a dry run found.
    """

    code: ClassVar[str]
    number: ClassVar[int]  # XML-RPC fault number
    status: ClassVar[int] = 11  # InterWorx status of `route`
    route_fault: ClassVar[bool] = False  # `route` answers it by a fault, not by a status
    fault: ClassVar[Literal["Client", "Server"]] = "Client"
    http: ClassVar[int] = 500  # SOAP 1.1 faults travel as 500; 503 says "unknown, or try again"
    retryable: ClassVar[bool] = False
    staff: ClassVar[str]
    customer: ClassVar[str] = "This request could not be carried out. Please contact support."
    job: int | None = None
    changes: tuple[Change, ...] = ()
    consequences: tuple[str, ...] = ()

    def __init__(self, *problems: Problem, **facts: object) -> None:
        self.problems = problems
        self.text = self.staff.format(**facts)
        super().__init__(self.text)

    @property
    def message(self) -> str:
        """The staff text, and every wrong input after it."""
        return "\n".join([self.text, *map(str, self.problems)])


class InvalidInput(ApiError):
    """One or more inputs are missing, unknown, or have a value that is not allowed; all are named."""

    code = "INVALID_INPUT"
    number = 1001
    staff = "There was a problem validating the form. Please see details below."
    customer = "Some of the details of this order are not valid. Please contact support."


class UnknownAction(ApiError):
    """The operation, controller or action does not exist, or is not offered by this server."""

    code = "UNKNOWN_ACTION"
    number = 1002
    staff = "{action} is not offered by this server.{nearest}"


class Unreadable(ApiError):
    """The bytes are no call: not XML, not an envelope, or more than is allowed. `text` says why."""

    code = "UNREADABLE"
    number = 1003
    route_fault = True
    staff = "The request cannot be read: {reason}."


class MustUnderstand(ApiError):
    """A SOAP header that must be understood is not known here."""

    code = "MUST_UNDERSTAND"
    number = 1004
    route_fault = True
    staff = "The header {header} is not understood."


class NotAuthenticated(ApiError):
    """The key, password or session is not accepted. Never says why: the log does."""

    code = "NOT_AUTHENTICATED"
    number = 2001
    status = 401
    staff = "The credentials were not accepted."


class NotPermitted(ApiError):
    """The caller is known, and may not do this."""

    code = "NOT_PERMITTED"
    number = 2002
    staff = "This key or user may not do this: {what}."


class Throttled(ApiError):
    """Too many failed log-ins came from this address; a good key from it keeps working."""

    code = "THROTTLED"
    number = 2003
    status = 401
    http = 503
    retryable = True
    staff = "Too many failed attempts. Try again in {seconds} seconds."


class AccountNotFound(ApiError):
    """The caller has no such account. Another owner's account answers exactly the same."""

    code = "ACCOUNT_NOT_FOUND"
    number = 3001
    staff = "There is no such account."


class DomainTaken(ApiError):
    """The domain name, or one above or below it, belongs to an account, or rests after a deletion."""

    code = "DOMAIN_TAKEN"
    number = 3002
    staff = "The domain name is taken."
    customer = "This domain name is already in use here."


class UnixNameTaken(ApiError):
    """The Unix name belongs to an account, or rests after a deletion by another owner."""

    code = "UNIX_NAME_TAKEN"
    number = 3003
    staff = "The Unix name is taken."


class PackageNotFound(ApiError):
    """The caller has no package of this name or id."""

    code = "PACKAGE_NOT_FOUND"
    number = 3004
    staff = "There is no such package."


class PackageNameTaken(ApiError):
    """The caller already has a package of this name."""

    code = "PACKAGE_NAME_TAKEN"
    number = 3005
    staff = "The package name is taken."


class PackageInUse(ApiError):
    """Accounts or resellers still have the package, so it cannot be deleted."""

    code = "PACKAGE_IN_USE"
    number = 3006
    staff = "The package is used by {users}."


class AddressNotFree(ApiError):
    """The address is not in the pool, or is dedicated to another account."""

    code = "ADDRESS_NOT_FREE"
    number = 3007
    staff = "The address is not free."


class NoFreeAddress(ApiError):
    """No address was named and the pool has none left to choose."""

    code = "NO_FREE_ADDRESS"
    number = 3008
    staff = "The address pool has no free address."


class ServerFull(ApiError):
    """The server holds as many accounts as it may."""

    code = "SERVER_FULL"
    number = 3009
    staff = "The server is full: it holds {accounts} accounts, its limit."


class EmailTaken(ApiError):
    """Another panel user has this e-mail address."""

    code = "EMAIL_TAKEN"
    number = 3010
    staff = "The e-mail address belongs to another user."


class LimitReached(ApiError):
    """The account or the reseller has as much as it may have; the option that ends is named."""

    code = "LIMIT_REACHED"
    number = 3011
    staff = "A limit is reached."
    customer = "Your plan has no room left for this."


class ResellerNotFound(ApiError):
    """There is no such reseller."""

    code = "RESELLER_NOT_FOUND"
    number = 3012
    staff = "There is no such reseller."


class ResellerInUse(ApiError):
    """The reseller still has accounts, so it cannot be deleted."""

    code = "RESELLER_IN_USE"
    number = 3013
    staff = "The reseller still has {accounts} accounts."


class DomainNotFound(ApiError):
    """The account has no such subdomain, pointer or secondary domain."""

    code = "DOMAIN_NOT_FOUND"
    number = 3014
    staff = "The account has no such domain."


class RecordNotFound(ApiError):
    """The account has no such zone or DNS record."""

    code = "RECORD_NOT_FOUND"
    number = 3015
    staff = "The account has no such zone or record."


class UserNotFound(ApiError):
    """The account has no such user."""

    code = "USER_NOT_FOUND"
    number = 3016
    staff = "The account has no such user."


class JobNotFound(ApiError):
    """The caller has no such job, or it is so old that it is forgotten."""

    code = "JOB_NOT_FOUND"
    number = 3017
    staff = "There is no such job."


class ExternalIdTaken(ApiError):
    """Another of the owner's accounts has this external id."""

    code = "EXTERNAL_ID_TAKEN"
    number = 3018
    staff = "The external id belongs to another account."


class Pending(ApiError):
    """A change of this account, or of these names, is not carried out yet; it goes on by itself."""

    code = "PENDING"
    number = 4001
    retryable = True
    staff = "The change is still in progress (job {job}), repeat this call."
    customer = "Your order is being carried out."

    def __init__(self, *problems: Problem, job: int) -> None:
        super().__init__(*problems, job=job)
        self.job = job


class IdempotencyMismatch(ApiError):
    """The idempotency key was used for a call with another action or other inputs."""

    code = "IDEMPOTENCY_MISMATCH"
    number = 4002
    staff = "This idempotency key was used for another call: {action} with other inputs. Nothing was done."


class AlreadyDone(ApiError):
    """The call was carried out before, and its answer held a secret that is shown once only."""

    code = "ALREADY_DONE"
    number = 4003
    staff = "This call was carried out before ({about}). What it answered is shown once only."
    customer = "This was done before."


class GuardFailed(ApiError):
    """What the call was about is not what it expected; nothing was done."""

    code = "GUARD_FAILED"
    number = 4004
    staff = "The account is not as this call expects it. Nothing was done."


class DryRun(ApiError):
    """The answer of a dry run whose call would succeed: nothing was changed, `changes` says what would be."""

    code = "DRY_RUN"
    number = 4005
    staff = "Dry run: the call would succeed. Nothing was changed."
    customer = "This was only tried, and nothing was changed."

    def __init__(self, changes: Iterable[Change] = (), consequences: Iterable[str] = ()) -> None:
        super().__init__()
        self.changes = tuple(changes)
        self.consequences = tuple(consequences)

    @property
    def message(self) -> str:
        """The staff text, then what would change, a line for each thing, and what follows from it."""
        things: dict[str, list[str]] = {}
        for one in self.changes:
            things.setdefault(one.about, []).append(one.told)
        changes = [f"{about}: {'; '.join(members)}" for about, members in things.items()]
        return "\n".join([self.text, *(changes or ["Nothing would change."]), *self.consequences])


class NeedsApproval(ApiError):
    """Too many accounts were closed in a short time; an administrator must approve more."""

    code = "NEEDS_APPROVAL"
    number = 4006
    customer = "This waits for the approval of an administrator."
    staff = (
        "{count} accounts were closed or purged by {who} within {minutes} minutes. More needs the approval of"
        " an administrator: {page}, or the command `{command}`."
    )


class NotCancellable(ApiError):
    """The job cannot be cancelled: it is finished, or it changes an account that exists."""

    code = "NOT_CANCELLABLE"
    number = 4007
    staff = "This job cannot be cancelled: {reason}."
    customer = "This cannot be cancelled any more."


class ProvisioningFailed(ApiError):
    """A service could not be set up; a new account was undone, and nothing of it is left."""

    code = "PROVISIONING_FAILED"
    number = 5001
    fault = "Server"
    retryable = True
    staff = "The account could not be set up ({service}); nothing is left of it. Try again."


class Unavailable(ApiError):
    """The server cannot do this now; nothing was changed."""

    code = "UNAVAILABLE"
    number = 5002
    route_fault = True
    fault = "Server"
    http = 503
    retryable = True
    staff = "The server cannot do this now: {reason}. Nothing was changed."


class OutcomeUnknown(ApiError):
    """The commit failed in a way that leaves the outcome open; look before repeating."""

    code = "OUTCOME_UNKNOWN"
    number = 5003
    route_fault = True
    fault = "Server"
    http = 503
    retryable = True
    staff = "The outcome of this call is unknown. Look at the account before repeating it."
    customer = "It is not known yet whether this was carried out. Please contact support."


class InternalError(ApiError):
    """A bug. The log holds the traceback under the request id; the caller learns nothing of it."""

    code = "INTERNAL_ERROR"
    number = 5004
    fault = "Server"
    staff = "Internal error."


CATALOGUE: dict[str, type[ApiError]] = {kind.code: kind for kind in ApiError.__subclasses__()}


def refuse(problems: Iterable[Problem]) -> None:
    """Raise when there are problems: as the one code they share, or as `InvalidInput` that names all."""
    found = tuple(problems)
    if not found:
        return
    codes = {problem.code for problem in found}
    raise CATALOGUE[codes.pop() if len(codes) == 1 else InvalidInput.code](*found)
