-- Resellers with limits that their accounts share; the further domains, zones and users of an account; sessions
-- that are not a browser's. A deleted reseller keeps its row, so that the audit and its keys can name it.

alter table nodeworx_user add column deleted bigint;

-- A closed account is found by its domain, whenever it was opened.
create index account_parked on account (domain, id) where state = 'parked';

create table reseller_package (
    id                           integer primary key autoincrement,
    name                         text not null unique,
    rsl_opt_storage              bigint not null,
    rsl_opt_bandwidth            bigint not null,
    rsl_opt_email_aliases        bigint not null,
    rsl_opt_email_autoresponders bigint not null,
    rsl_opt_email_boxes          bigint not null,
    rsl_opt_email_groups         bigint not null,
    rsl_opt_ftp_accounts         bigint not null,
    rsl_opt_mysql_dbs            bigint not null,
    rsl_opt_mysql_db_users       bigint not null,
    rsl_opt_pointer_domains      bigint not null,
    rsl_opt_slave_domains        bigint not null,
    rsl_opt_subdomains           bigint not null,
    rsl_opt_siteworx_accounts    bigint not null,
    rsl_opt_oversell_storage     integer not null,
    rsl_opt_oversell_bandwidth   integer not null
);

-- given_* is the sum of what its living accounts were given: a limit is checked without counting accounts.
create table reseller (
    user_id                      integer primary key references nodeworx_user (id),
    package_id                   integer references reseller_package (id),
    rsl_opt_storage              bigint not null,
    rsl_opt_bandwidth            bigint not null,
    rsl_opt_email_aliases        bigint not null,
    rsl_opt_email_autoresponders bigint not null,
    rsl_opt_email_boxes          bigint not null,
    rsl_opt_email_groups         bigint not null,
    rsl_opt_ftp_accounts         bigint not null,
    rsl_opt_mysql_dbs            bigint not null,
    rsl_opt_mysql_db_users       bigint not null,
    rsl_opt_pointer_domains      bigint not null,
    rsl_opt_slave_domains        bigint not null,
    rsl_opt_subdomains           bigint not null,
    rsl_opt_siteworx_accounts    bigint not null,
    rsl_opt_oversell_storage     integer not null,
    rsl_opt_oversell_bandwidth   integer not null,
    given_storage                bigint not null default 0,
    given_bandwidth              bigint not null default 0,
    given_email_aliases          bigint not null default 0,
    given_email_autoresponders   bigint not null default 0,
    given_email_boxes            bigint not null default 0,
    given_email_groups           bigint not null default 0,
    given_ftp_accounts           bigint not null default 0,
    given_mysql_dbs              bigint not null default 0,
    given_mysql_db_users         bigint not null default 0,
    given_pointer_domains        bigint not null default 0,
    given_slave_domains          bigint not null default 0,
    given_subdomains             bigint not null default 0
);
create index reseller_by_package on reseller (package_id);

-- The addresses that a reseller's accounts may have; every shared one where it has none here.
create table reseller_address (
    user_id integer not null references nodeworx_user (id),
    address text not null references address (address),
    primary key (user_id, address)
);
create index reseller_address_by_address on reseller_address (address);

-- Names beside the main domain: subdomains, pointers to another domain of the account, secondary domains.
-- `folder` is the document root below the home; empty where the name has none of its own.
-- A name or zone lives while its account does: those of closed accounts are kept, and stand in nobody's way.
create table domain (
    id         integer primary key autoincrement,
    account_id integer not null references account (id) on delete cascade,
    kind       text not null check (kind in ('sub', 'pointer', 'slave')),
    name       text not null,
    reversed   text not null,
    folder     text not null default '',
    redir_type text check (redir_type in ('redirect_301', 'redirect_302', 'server_alias')),
    points_to  text,
    created    bigint not null,
    living     integer not null default 1,
    unique (account_id, name)
);
create unique index domain_name on domain (name) where living = 1;
create index domain_reversed on domain (reversed) where living = 1;

create table zone (
    id         integer primary key autoincrement,
    account_id integer not null references account (id) on delete cascade,
    name       text not null,
    place      text not null,
    living     integer not null default 1,
    unique (account_id, name)
);
create unique index zone_name on zone (name) where living = 1;
create index zone_place on zone (place) where living = 1;

-- `host` is the whole name. `place`, of a zone too, is its labels from the right with spaces between: in its order
-- every name stands before those below it. A record without a TTL has that of the settings. SOA and NS come from the settings.
create table record (
    id       integer primary key autoincrement,
    zone_id  integer not null references zone (id) on delete cascade,
    host     text not null,
    place    text not null,
    type     text not null,
    priority integer,
    value    text not null,
    ttl      bigint
);
create index record_place on record (zone_id, place);

-- Whose account a resting name was: the users of other accounts may not take it, though they have one owner.
alter table resting_name add column account_id integer;
alter table resting_name add column reversed text;
create index resting_name_reversed on resting_name (reversed);
create index resting_name_account on resting_name (account_id);

insert into zone (account_id, name, place, living)
    select id, domain, replace(reversed, '.', ' '), state in ('active', 'inactive') from account where state <> 'purged' order by id;
insert into record (zone_id, host, place, type, value)
    select z.id, s.label || z.name, replace(a.reversed, '.', ' ') || s.below, d.type, d.value
    from zone z join account a on a.id = z.account_id
    join (select '' as label, '' as below union all select 'www.', ' www'
          union all select 'mail.', ' mail' union all select 'ftp.', ' ftp') s
    join (select id, 'A' as type, ipv4 as value from account union all select id, 'AAAA', ipv6 from account) d
    on d.id = a.id and d.value is not null
    order by z.id, d.type;
insert into record (zone_id, host, place, type, priority, value)
    select z.id, z.name, replace(a.reversed, '.', ' '), 'MX', 10, 'mail.' || z.name
    from zone z join account a on a.id = z.account_id order by z.id;
insert into record (zone_id, host, place, type, value)
    select z.id, z.name, replace(a.reversed, '.', ' '), 'TXT', 'v=spf1 a mx ~all'
    from zone z join account a on a.id = z.account_id order by z.id;

-- Further log-ins of an account, beside its own (which is the account's row). `perms` is a JSON list.
create table site_user (
    id         integer primary key autoincrement,
    account_id integer not null references account (id) on delete cascade,
    email      text not null,
    nickname   text not null,
    active     integer not null default 1,
    argon2     text not null,
    crypt      text not null,
    perms      text not null,
    created    bigint not null,
    unique (account_id, email)
);
-- A user's id is above every account's: an account's own log-in is known by the account's id.
insert into sqlite_sequence (name, seq) values ('site_user', 1000000000);

-- `page` is a browser's; `api` is getSession's, for calls until it expires; `link` opens one page once.
-- A session with an account acts as that account's own log-in. `scopes` is a JSON list of what the key that
-- began it may do; null is all of its user's. `bound` is the only address that may use it.
-- Sessions last hours at the most: the old ones are ended.
drop table session;
create table session (
    token_mac  text primary key,
    kind       text not null check (kind in ('page', 'api', 'link')),
    user_id    integer not null references nodeworx_user (id),
    account_id integer references account (id) on delete cascade,
    address    text not null,
    bound      text,
    scopes     text,
    created    bigint not null,
    seen       bigint not null,
    expires    bigint not null
);
create index session_expires on session (expires);
create index session_user on session (user_id);
create index session_account on session (account_id);
