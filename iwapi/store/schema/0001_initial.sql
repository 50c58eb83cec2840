-- Accounts, packages, addresses, users, keys, jobs, audit and usage.
-- Times are Unix seconds. Text is compared byte by byte. Written so that PostgreSQL can follow.
-- An id that clients keep is never used again: `autoincrement` here, an identity column there.

create table meta (
    name  text primary key,
    value text not null
);

create table nodeworx_user (
    id         integer primary key,
    email      text not null unique,
    nickname   text not null,
    role       text not null check (role in ('master', 'reseller')),
    active     integer not null default 1,
    argon2     text not null,
    crypt      text not null,
    accounts   bigint not null default 0,
    created    bigint not null
);

create table session (
    token_mac  text primary key,
    user_id    integer not null references nodeworx_user (id),
    address    text not null,
    created    bigint not null,
    seen       bigint not null
);

create table api_key (
    id           text primary key,
    owner        integer not null references nodeworx_user (id),
    name         text not null,
    classic      integer not null,
    secret_mac   text not null,
    row_mac      text not null,
    scopes       text,
    addresses    text,
    created      bigint not null,
    expires      bigint,
    revoked      bigint,
    last_used    bigint,
    last_address text,
    last_client  text
);
create unique index api_key_classic on api_key (owner) where classic = 1 and revoked is null;
create index api_key_owner on api_key (owner, created);

create table address (
    address  text primary key,
    version  integer not null check (version in (4, 6)),
    shared   integer not null,
    position integer not null
);
create index address_choice on address (version, shared, position);

create table package (
    id                        integer primary key autoincrement,
    owner                     integer not null references nodeworx_user (id),
    name                      text not null,
    opt_storage               bigint not null,
    opt_bandwidth             bigint not null,
    opt_email_aliases         bigint not null,
    opt_email_autoresponders  bigint not null,
    opt_email_boxes           bigint not null,
    opt_email_groups          bigint not null,
    opt_ftp_accounts          bigint not null,
    opt_mysql_dbs             bigint not null,
    opt_mysql_db_users        bigint not null,
    opt_pointer_domains       bigint not null,
    opt_slave_domains         bigint not null,
    opt_subdomains            bigint not null,
    opt_backup                integer not null,
    opt_cgi_access            integer not null,
    opt_crontab               integer not null,
    opt_dns_records           integer not null,
    opt_ssl                   integer not null,
    opt_burstable             integer not null,
    opt_save_xfer_logs        integer not null,
    unique (owner, name)
);

-- `generation` counts the changes of the wanted state, `applied` the last one that is real:
-- `generation > applied` is the queue, and `applied = 0` an account that was never built.
create table account (
    id                        integer primary key autoincrement,
    owner                     integer not null references nodeworx_user (id),
    uniqname                  text not null,
    domain                    text not null,
    reversed                  text not null,
    email                     text not null,
    nickname                  text not null,
    package_id                integer references package (id),
    ipv4                      text,
    ipv6                      text,
    argon2                    text not null,
    crypt                     text not null,
    state                     text not null check (state in ('active', 'inactive', 'parked', 'purged')),
    inactive_msg              text not null default '',
    created                   bigint not null,
    changed                   bigint not null,
    purge_at                  bigint,
    generation                bigint not null,
    applied                   bigint not null default 0,
    lease_by                  text,
    tries                     integer not null default 0,
    next_try                  bigint not null default 0,
    opt_storage               bigint not null,
    opt_bandwidth             bigint not null,
    opt_email_aliases         bigint not null,
    opt_email_autoresponders  bigint not null,
    opt_email_boxes           bigint not null,
    opt_email_groups          bigint not null,
    opt_ftp_accounts          bigint not null,
    opt_mysql_dbs             bigint not null,
    opt_mysql_db_users        bigint not null,
    opt_pointer_domains       bigint not null,
    opt_slave_domains         bigint not null,
    opt_subdomains            bigint not null,
    opt_backup                integer not null,
    opt_cgi_access            integer not null,
    opt_crontab               integer not null,
    opt_dns_records           integer not null,
    opt_ssl                   integer not null,
    opt_burstable             integer not null,
    opt_save_xfer_logs        integer not null
);
-- The names of a closed account are free again: only living accounts hold theirs.
create unique index account_uniqname on account (uniqname) where state in ('active', 'inactive');
create unique index account_domain on account (domain) where state in ('active', 'inactive');
create index account_reversed on account (reversed) where state in ('active', 'inactive');
create index account_owner on account (owner, id) where state in ('active', 'inactive');
create index account_package on account (package_id);
create index account_ipv4 on account (ipv4) where state in ('active', 'inactive');
create index account_ipv6 on account (ipv6) where state in ('active', 'inactive');
create index account_queue on account (next_try) where generation > applied;
create index account_purge on account (purge_at) where purge_at is not null;
create index account_closing on account (uniqname) where state = 'parked' and generation > applied;

create table applied (
    account_id  integer not null references account (id) on delete cascade,
    service     text not null,
    generation  bigint not null,
    fingerprint text not null,
    error       text,
    primary key (account_id, service)
);

-- A name rests after its account was closed: its owner may take it at once, others later.
create table resting_name (
    kind  text not null check (kind in ('domain', 'uniqname')),
    name  text not null,
    owner integer not null,
    until bigint not null,
    primary key (kind, name)
);

create table job (
    id         integer primary key,
    account_id integer not null,
    generation bigint not null,
    action     text not null,
    request_id text not null,
    created    bigint not null,
    finished   bigint,
    outcome    text,
    error      text
);
create index job_account on job (account_id, id);

create table audit (
    id         integer primary key,
    at         bigint not null,
    who        text not null,
    address    text not null,
    wire       text not null,
    action     text not null,
    about      text not null,
    result     text not null,
    request_id text not null,
    inputs     text not null,
    mac        text not null
);
create trigger audit_no_update before update on audit
begin
    select raise(abort, 'the audit is append-only');
end;
create trigger audit_no_delete before delete on audit
begin
    select raise(abort, 'the audit is append-only');
end;

create table traffic (
    account_id integer not null,
    month      integer not null,
    bytes      bigint not null,
    primary key (account_id, month)
);

create table storage (
    account_id integer primary key,
    bytes      bigint not null,
    measured   bigint not null
);
create index storage_oldest on storage (measured);
