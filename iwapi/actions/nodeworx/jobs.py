"""`/nodeworx/jobs`: what services carry out or what waits for its time, asked for by its number."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.action import action, arg
from iwapi.actions.nodeworx.siteworx._reasons import may
from iwapi.call import Call
from iwapi.core.jobs import OPEN, Job, JobPage, JobState
from iwapi.errors import JobNotFound, NotCancellable, Pending
from iwapi.kinds import Cursor, Domain, Flag, Id, PageSize

SUSPEND, CREATE = "accounts:suspend", "accounts:create"
"""The scopes for what a job does, which who cancels it needs as well."""

_NEWEST = 2**62


@dataclass(frozen=True)
class WhichJob:
    """One job."""

    job: Id = arg("its number, as PENDING names it")


@dataclass(frozen=True)
class WhichJobs:
    """Jobs; all that is given must be so."""

    siteworx_id: Id | None = arg("those of the account of this id", default=None)
    domain: Domain | None = arg("those of accounts that had this main domain then", default=None)
    open_only: Flag = arg("only those that are not finished", default=False)
    job_state: JobState | None = arg("only those in this state", default=None)
    after: Cursor | None = arg("the `next` of the page before; absent for the first page", default=None)
    limit: PageSize = arg("how many rows at the most", default=100)


@action("getJob", scope="jobs:read", raises=(JobNotFound,))
def get(call: Call, which: WhichJob) -> Job:
    """One job: its state, what each service did at the last try, when it is tried again. A finished one can
    be asked for during 30 days."""
    return call.job(which.job)


@action("waitJob", scope="jobs:read", waits=True, raises=(JobNotFound,))
def wait(call: Call, which: WhichJob) -> Job:
    """One job, as soon as it is finished; as it is when `wait_seconds` of the options are over, or at once
    where its own time has not come. Waiting makes nothing be tried earlier."""
    job = call.job(which.job)
    call.waits = job.finished is None and (job.due is None or job.due <= call.time)
    return job


@action("listJobs", scope="jobs:read")
def list_jobs(call: Call, which: WhichJobs) -> JobPage:
    """The jobs of the caller's accounts, newest first, a page at a time."""
    rows = call.jobs.page(
        int(which.after or _NEWEST), which.limit + 1, which.siteworx_id, which.domain, which.open_only,
        which.job_state,
    )  # fmt: skip
    shown = rows[: which.limit]
    return JobPage(jobs=shown, next=str(shown[-1].job) if len(rows) > which.limit else None)


@action("cancelJob", scope="jobs:cancel", writes=True, raises=(JobNotFound, NotCancellable, Pending))
def cancel(call: Call, which: WhichJob) -> Job:
    """Cancel what has not happened: a change that waits for its time, or a new account that services have not
    built. Such an account is taken back as if it had never been: when this answers, services have nothing of
    it. It needs the scope of what it cancels too: accounts:suspend (accounts:restrict for another reason than
    billing), or accounts:create. A repeat answers the same."""
    job = call.job(which.job)
    if job.state == "cancelled":
        removal = call.jobs.removal(job)
        if removal is not None:
            call.building.append(removal)
        return job
    if job.state not in OPEN:
        raise NotCancellable(reason=f"it is finished: {job.state}")
    if job.state == "scheduled":
        wish = call.jobs.wish(job)
        if wish.by_master and not call.caller.master:
            raise NotCancellable(reason="the master administrator scheduled it")
        call.needs(SUSPEND)
        may(call, wish.reason)
        call.jobs.cancel(job, call.now)
    elif call.jobs.opens(job):
        call.needs(CREATE)
        call.jobs.take_back(job, call.now)
        call.build(job.siteworx_id)
    else:
        raise NotCancellable(reason="it changes an account that exists")
    return call.job(job.job)
