<?php
// In the manner of Hosting Billing's module: SOAP 1.1 at /soap on any certificate, the server's own address for every
// account, the package looked for by its name before anything is tried, limits told from the package's row.

require __DIR__ . '/module.php';

const ACCOUNTS = '/nodeworx/siteworx';

function call(string $controller, string $action, array $input = [])
{
    global $told;
    $answer = ask(client('/soap', ['stream_context' => any_certificate()]), $told['key'], $controller, $action, $input);
    return $answer['payload'];
}

function package(string $name): ?array
{
    foreach (call('/nodeworx/packages', 'listDetails') as $package) {
        if ($package['name'] == $name) {
            return $package;
        }
    }
    return null;
}

function secret(array $service): array
{
    return ['password' => $service['password'], 'confirm_password' => $service['password']];
}

function create(array $service): string
{
    if (!package($service['package'])) {
        return "Package {$service['package']} was not found in server.";
    }
    return call(ACCOUNTS, 'add', [
        'domainname' => $service['domain'], 'ipaddress' => $service['address'], 'database_server' => 'localhost',
        'billing_day' => date('j'), 'uniqname' => substr($service['username'], 0, 8), 'nickname' => $service['name'],
        'email' => $service['email'],
    ] + secret($service) + ['language' => 'en-us', 'theme' => 'interworx', 'menu_style' => 'small', 'packagetemplate' => $service['package']]);
}

/** A new password and a new package are one change, with both each time. */
function edit(array $service): string
{
    return call(ACCOUNTS, 'edit', ['domain' => $service['domain'], 'ipaddress' => $service['address'],
        'uniqname' => $service['username']] + secret($service) + ['packagetemplate' => $service['package']]);
}

/** Nothing known is 0. */
function usage(array $service): array
{
    $plan = package($service['package']);
    $rows = call(ACCOUNTS, 'listBandwidthAndStorageInMB', ['domain' => $service['domain']]);
    if (!isset($rows[0]['storage'])) {
        return [0, 0, 0, 0];
    }
    return [$rows[0]['storage_used'], $plan['OPT_STORAGE'], $rows[0]['bandwidth_used'], $plan['OPT_BANDWIDTH']];
}

function check()
{
    $addresses = call('/nodeworx/ip', 'listIpAddresses');
    return isset($addresses[0]->ipaddr) ? 'OK' : $addresses;
}

run([
    'check_connection' => 'check',
    'create_account' => 'create',
    'change_password' => 'edit',
    'change_package' => 'edit',
    'get_usage' => 'usage',
    'suspend_account' => fn ($service) => call(ACCOUNTS, 'suspend', ['domain' => $service['domain']]),
    'unsuspend_account' => fn ($service) => call(ACCOUNTS, 'unsuspend', ['domain' => $service['domain']]),
    'terminate_account' => fn ($service) => call(ACCOUNTS, 'delete', ['domain' => $service['domain']]),
]);
