-- Exactly once, jobs that can be asked for, suspensions with reasons, closed accounts that come back.

-- A call that was carried out, so that its repeat gets the same answer. `caller` is whose it is; `name` is the
-- idempotency key, or what stands for one where none was sent (`sent` = 0): such a record ends when an answer was
-- handed over, or when the account was closed. `answer` is JSON; none where it held a secret. While a job names
-- the record and is not finished, the call is not carried out yet.
create table idempotency (
    id          integer primary key autoincrement,
    caller      text not null,
    name        text not null,
    sent        integer not null,
    action      text not null,
    controller  text not null,
    fingerprint text not null,
    about       text not null,
    answer      text,
    account_id  integer,
    created     bigint not null,
    expires     bigint not null,
    unique (caller, name)
);
create index idempotency_expires on idempotency (expires);
create index idempotency_account on idempotency (account_id) where account_id is not null;
create index idempotency_unsent on idempotency (controller) where sent = 0;

-- `told` is when a client was told that the job goes on: from then on a new account is not undone any more.
-- `due` is when a change that waits for its time is made, `wish` what it is, as JSON; `steps` is what each service
-- did at the last attempt, as JSON.
alter table job add column owner integer;
alter table job add column about text not null default '';
alter table job add column attempts integer not null default 0;
alter table job add column steps text not null default '[]';
alter table job add column told bigint;
alter table job add column due bigint;
alter table job add column wish text;
update job set owner = (select owner from account where account.id = job.account_id),
    about = coalesce((select domain from account where account.id = job.account_id), '');

-- The jobs of a remembered call: those that it began, now or for later, and those under way that it joined.
create table record_job (
    record integer not null references idempotency (id) on delete cascade,
    job    integer not null references job (id) on delete cascade,
    primary key (record, job)
);
create index record_job_by_job on record_job (job);

create index job_owner on job (owner, id);
create index job_about on job (about, id);
create index job_open on job (id) where finished is null;
create index job_other_outcome on job (outcome, id) where outcome <> 'done';
create index job_due on job (due) where due is not null and finished is null;
create index job_finished on job (finished) where finished is not null;

-- `external_id` is what the owner's billing system calls the account; a closed account with `hold` is not purged.
-- `reasons` are those of its rows in `suspension`, in their order, with spaces between.
alter table account add column external_id text;
alter table account add column reasons text not null default '';
alter table account add column hold integer not null default 0;
create unique index account_external_id on account (owner, external_id) where state in ('active', 'inactive');

-- `closed` is when an account was closed last, `closed_as` the main domain it had then; one that was restored has
-- them still. The data of one whose `purge_at` is over goes, unless it is on hold.
alter table account add column closed bigint;
alter table account add column closed_as text;
update account set closed = changed, closed_as = domain where state in ('parked', 'purged');
drop index account_purge;
create index account_purge on account (purge_at, id) where state = 'parked' and hold = 0;
drop index account_parked;
create index account_parked on account (domain, closed, id) where state = 'parked';
drop index account_closing;
create index account_closing on account (uniqname) where state in ('parked', 'purged') and generation > applied;
create index account_parked_external_id on account (owner, external_id, closed, id) where state = 'parked';
create index account_parked_id on account (id) where state = 'parked';
create index account_parked_owner on account (owner, id) where state = 'parked';
create index account_purged on account (domain) where state = 'purged';
create index account_restored on account (closed_as, closed, id) where state in ('active', 'inactive') and closed is not null;

-- Why an account is suspended: it is inactive while it has a row. What the master began only the master ends.
-- `reseller` stands for a reseller that is suspended with all of its accounts.
create table suspension (
    account_id integer not null references account (id) on delete cascade,
    reason     text not null check (reason in ('billing', 'abuse', 'quota', 'administrator', 'reseller')),
    message    text not null,
    by_master  integer not null,
    since      bigint not null,
    primary key (account_id, reason)
);
insert into suspension (account_id, reason, message, by_master, since)
    select id, 'billing', inactive_msg, 0, changed from account where state = 'inactive';
update account set reasons = 'billing' where state = 'inactive';

-- Accounts of suspended resellers were served on; from now on they are suspended with them.
alter table nodeworx_user add column inactive_msg text not null default '';
insert into suspension (account_id, reason, message, by_master, since)
    select a.id, 'reseller', '', 1, a.changed from account a join nodeworx_user u on u.id = a.owner
    where u.role = 'reseller' and u.active = 0 and a.state in ('active', 'inactive');
update account set state = 'inactive', reasons = trim(reasons || ' reseller'), generation = generation + 1
    where id in (select account_id from suspension where reason = 'reseller');

-- Who closed accounts lately, and who closed so many that an administrator must approve more.
create table termination (
    id  integer primary key,
    who text not null,
    at  bigint not null
);
create index termination_by on termination (who, at);
create index termination_at on termination (at);
create table breaker (
    who          text primary key,
    tripped      bigint not null,
    terminations integer not null
);

-- A session of calls is counted as the key or user that began it.
alter table session add column began_by text;

create index resting_name_until on resting_name (until);
