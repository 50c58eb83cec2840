"""Jobs: changes that services carry out or that wait for their time, as callers see them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Annotated, Literal

from iwapi.kinds import Count, Cursor, Domain, Id, Milliseconds, Moment, Text, choice
from iwapi.shape import arg

OPEN = ("scheduled", "running", "waiting")
FINISHED = ("done", "undone", "failed", "cancelled", "replaced")

JobState = Annotated[str, choice("jobstate", *OPEN, *FINISHED)]
StepState = Annotated[str, choice("stepstate", "waiting", "running", "done", "failed", "undone")]
Reached = Literal["waiting", "running", "done", "failed", "undone"]


@dataclass(frozen=True)
class Step:
    """What one service did for a job, at the last try."""

    service: Text = arg("the service")
    state: StepState = arg(
        "waiting for those before it; running; done; failed; undone: nothing of the account is left there"
    )
    since: Moment | None = arg("when it began; absent when it did not", default=None)
    took: Milliseconds | None = arg("how long it took; absent until it ended", default=None)
    error: Text | None = arg("why it failed; the log has the details", default=None)


@dataclass(frozen=True)
class Job:
    """A change of an account: what services did for it, and how it ended."""

    job: Id = arg("the job's number, as PENDING names it")
    siteworx_id: Id = arg("the id of the account; there may be no such account any more")
    domain: Domain | None = arg("the account's main domain when the job began", default=None)
    action: Text = arg("the action that began it")
    state: JobState = arg(
        "scheduled: it waits for its time; running: services are being called; waiting: for its next try;"
        " done; undone: a new account failed, nothing of it is left; failed: it was not carried out;"
        " cancelled; replaced: a later call took its place"
    )
    attempts: Count = arg("how often services were asked to carry it out")
    created: Moment = arg("when it began")
    due: Moment | None = arg("when a scheduled change is made; absent for any other", default=None)
    next_try: Moment | None = arg("when it is tried again; absent unless it waits for that", default=None)
    finished: Moment | None = arg("when it ended; absent while it is open", default=None)
    error: Text | None = arg("why its last try failed, or why it was not carried out", default=None)
    request_id: Text = arg("the request that began it, as in the log and the audit")
    steps: tuple[Step, ...] = arg("the services that it needs, in the order in which they are called")


@dataclass(frozen=True)
class JobPage:
    """A part of the list of jobs."""

    jobs: tuple[Job, ...] = arg("the jobs, newest first")
    next: Cursor | None = arg("give it as `after` for the next page; absent on the last one", default=None)


def failure(error: BaseException) -> str:
    """Why a service failed, without paths, values or anything else that its error may quote."""
    if isinstance(error, TimeoutError):
        return "It did not answer in time"
    if isinstance(error, OSError) and error.errno is not None:
        return os.strerror(error.errno)
    return f"It failed ({type(error).__name__})"
