-- Resellers with limits that their accounts share; the further domains, zones and users of an account; sessions
-- that are not a browser's. A deleted reseller keeps its row, so that the audit and its keys can name it.

alter table nodeworx_user add column deleted bigint;

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
    unique (account_id, name)
);
create index domain_name on domain (name);
create index domain_reversed on domain (reversed);

create table zone (
    id         integer primary key autoincrement,
    account_id integer not null references account (id) on delete cascade,
    name       text not null,
    unique (account_id, name)
);
create index zone_name on zone (name);

-- `host` is the whole name. A record without a TTL has that of the settings. SOA and NS come from the settings.
create table record (
    id       integer primary key autoincrement,
    zone_id  integer not null references zone (id) on delete cascade,
    host     text not null,
    type     text not null,
    priority integer,
    value    text not null,
    ttl      bigint
);
create index record_host on record (zone_id, host);

insert into zone (account_id, name) select id, domain from account where state <> 'purged';
insert into record (zone_id, host, type, value)
    select z.id, p.label || z.name, 'A', a.ipv4
    from zone z join account a on a.id = z.account_id
    join (select '' as label union all select 'www.' union all select 'mail.' union all select 'ftp.') p
    where a.ipv4 is not null;
insert into record (zone_id, host, type, value)
    select z.id, p.label || z.name, 'AAAA', a.ipv6
    from zone z join account a on a.id = z.account_id
    join (select '' as label union all select 'www.' union all select 'mail.' union all select 'ftp.') p
    where a.ipv6 is not null;
insert into record (zone_id, host, type, priority, value) select id, name, 'MX', 10, 'mail.' || name from zone;
insert into record (zone_id, host, type, value) select id, name, 'TXT', 'v=spf1 a mx ~all' from zone;

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

-- `page` is a browser's; `api` is getSession's, for calls until it expires; `link` opens one page once.
-- A session with an account acts as that account's own log-in. `bound` is the only address that may use it.
-- Sessions last hours at the most: the old ones are ended.
drop table session;
create table session (
    token_mac  text primary key,
    kind       text not null check (kind in ('page', 'api', 'link')),
    user_id    integer not null references nodeworx_user (id),
    account_id integer references account (id) on delete cascade,
    address    text not null,
    bound      text,
    created    bigint not null,
    seen       bigint not null,
    expires    bigint not null
);
create index session_expires on session (expires);
