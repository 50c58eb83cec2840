<?php
// In the manner of TastyInterWorx: SOAP 1.1 at /soap with a good certificate. Every answer goes through JSON, so that
// objects and maps are one; only a status of exactly 0 is good. Inside an account it logs in with the e-mail, the password
// and the domain of the account's own user.

require __DIR__ . '/module.php';

const ACCOUNTS = '/nodeworx/siteworx';
const RESELLERS = '/nodeworx/reseller';

function through_json(array $answer): array
{
    return json_decode(json_encode($answer), true);
}

function connect(string $controller, string $action, array $input): array
{
    global $told;
    return through_json(ask(client('/soap'), $told['key'], $controller, $action, $input));
}

/** A call inside an account, by its own user. */
function inside(array $service, string $controller, string $action, array $input = [], ?string $permission = null): array
{
    $key = ['email' => $service['email'], 'password' => $service['password'], 'domain' => $service['domain']];
    $input += $permission ? ['perms' => [$permission]] : [];
    return through_json(ask(client('/soap'), $key, "/siteworx/$controller", $action, $input));
}

function told(array $answer)
{
    return $answer['status'] === 0 ? $answer['payload'] : ['error', $answer['status'], $answer['payload']];
}

function address(): ?string
{
    foreach (connect(ACCOUNTS, 'listFreeIps', ['perms' => ['SWACCOUNTS']])['payload'] as $row) {
        if (isset($row[1]) && strpos(strtolower($row[1]), 'shared')) {
            return $row[0];
        }
    }
    return null;
}

function secret(array $service): array
{
    return ['password' => $service['password'], 'confirm_password' => $service['password']];
}

function create(array $service)
{
    return told(connect(ACCOUNTS, 'add', [
        'domainname' => $service['domain'], 'ipaddress' => address(), 'uniqname' => $service['username'],
        'nickname' => $service['username'], 'email' => $service['email'],
    ] + secret($service) + ['packagetemplate' => $service['plan'], 'perms' => 'SWACCOUNTS']));
}

function edit(array $service)
{
    return told(connect(ACCOUNTS, 'edit', picked_map($service, 'domain', 'nickname', 'email') + secret($service)
        + ['perms' => 'SWACCOUNTS']));
}

function picked_map(array $map, string ...$names): array
{
    return array_combine($names, picked($map, ...$names));
}

function create_reseller(array $service)
{
    $answer = connect(RESELLERS, 'add', ['ips' => address(), 'uniqname' => $service['username'],
        'nickname' => $service['username'], 'email' => $service['email']] + secret($service)
        + ['packagetemplate' => $service['plan'], 'status' => 'active', 'perms' => 'RESELLER']);
    return $answer['status'] === 0 ? $answer['payload']['reseller_id'] : told($answer);
}

function edit_reseller(array $input)
{
    return told(connect(RESELLERS, 'edit', $input + ['perms' => 'RESELLER']));
}

/** What the customer's pages list: the permission and the action of each controller. */
const LISTS = [
    'ftp' => ['FTP', 'listFtpAccounts'],
    'backup' => ['BACKUP', 'listAllBackups'],
    'backup/schedule' => ['BACKUP', 'listScheduled'],
    'cron' => ['CRONTAB', 'list'],
    'email/box' => ['EMAIL', 'listEmailBoxes'],
    'email/alias' => ['EMAIL', 'listEmailAliases'],
    'domains/slave' => ['SLAVEDOMS', 'listSecondaryDomains'],
    'domains/sub' => ['SUBDOMAINS', 'listSubdomains'],
    'domains/pointer' => ['POINTERDOMS', 'listPointerDomains'],
    'mysql/db' => ['MYSQL', 'listMysqlDatabases'],
    'mysql/user' => ['MYSQL', 'listMysqlUsers'],
];

/** All pages of a customer at once. */
function pages(array $service): array
{
    $pages = [];
    foreach (LISTS as $controller => [$permission, $action]) {
        $pages[$controller] = told(inside($service, $controller, $action, [], $permission));
    }
    return $pages;
}

/** One change in a customer's page. Databases come without `perms`. */
function page(array $service)
{
    $permission = $service['controller'] === 'mysql/db' ? null : LISTS[$service['controller']][0];
    return told(inside($service, $service['controller'], $service['action'], $service['input'], $permission));
}

run([
    'test' => fn () => connect('/nodeworx/users', 'listWorkingUser', ['perms' => ['NODEWORXUSER']])['status'] === 0 ? 0 : 1,
    'packages' => fn () => array_column(connect('/nodeworx/packages', 'listPackages', [])['payload'], 'name'),
    'accounts' => fn () => array_column(connect(ACCOUNTS, 'listAccounts', ['perms' => ['SWACCOUNTS']])['payload'], 'status', 'domain'),
    'details' => fn ($service) => told(connect(ACCOUNTS, 'querySiteworxAccountDetails', ['perms' => ['SWACCOUNTS'],
        'domain' => $service['domain']])),
    'create' => 'create',
    'edit' => 'edit',
    'suspend' => fn ($service) => told(connect(ACCOUNTS, 'suspend', $service + ['perms' => 'SWACCOUNTS'])),
    'unsuspend' => fn ($service) => told(connect(ACCOUNTS, 'unsuspend', $service + ['perms' => 'SWACCOUNTS'])),
    'delete' => fn ($service) => told(connect(ACCOUNTS, 'delete', $service + ['perms' => 'SWACCOUNTS'])),
    'login' => fn ($service) => told(connect(ACCOUNTS, 'siteworxLogin', ['perms' => ['SWACCOUNTS'],
        'login_domain' => $service['domain'], 'siteworxLogin|edit'])),
    'reseller packages' => fn () => array_column(connect('/nodeworx/reseller/packages', 'listResellerPackages',
        ['perms' => ['RESELLER']])['payload'], 'name'),
    'create reseller' => 'create_reseller',
    'edit reseller' => fn ($service) => edit_reseller(picked_map($service, 'reseller_id', 'nickname', 'email') + secret($service)),
    'suspend reseller' => fn ($service) => edit_reseller($service + ['status' => 'inactive']),
    'unsuspend reseller' => fn ($service) => edit_reseller($service + ['status' => 'active']),
    'delete reseller' => fn ($service) => told(connect(RESELLERS, 'delete', $service + ['perms' => 'RESELLER'])),
    'reseller' => fn ($service) => told(connect(RESELLERS, 'queryResellerDetails', ['perms' => ['RESELLER'],
        'reseller' => $service['email']])),
    'pages' => 'pages',
    'page' => 'page',
]);
