<?php
// In the manner of Clientexec's plugin: SOAP 1.1 at /soap with a good certificate, the key out of a text area, one
// `domainname` for old and new accounts, log-in names of at most 8 characters, an exception for any status but 0.

require __DIR__ . '/module.php';

const ACCOUNTS = '/nodeworx/siteworx';
const RESELLERS = '/nodeworx/reseller';

function call(string $controller, string $action, ?array $input = null)
{
    global $told, $steps;
    static $client;
    $client ??= client('/soap');
    $steps[] = "$controller $action";
    $answer = $client->route($told['key'], $controller, $action, $input);
    if (!is_array($answer) || !array_key_exists('status', $answer) || !array_key_exists('payload', $answer)) {
        throw new RuntimeException('Unexpected response from Interworx Server.');
    }
    ['status' => $status, 'payload' => $payload] = $answer;
    if ($status == 401) {
        throw new RuntimeException('Failed to authenticate.');
    }
    if ($status != 0) {
        throw new RuntimeException(is_array($payload) ? 'Failed to call the Interworx API.' : ($payload ?: 'The result is empty.'));
    }
    return $payload;
}

function name(array $service): string
{
    return substr($service['username'], 0, 8);
}

function secret(array $service): array
{
    return ['password' => $service['password'], 'confirm_password' => $service['password']];
}

function create(array $service): string
{
    call(ACCOUNTS, 'add', [
        'domainname' => $service['domain'], 'ipaddress' => call(ACCOUNTS, 'listFreeIps', [])[0][0],
        'database_server' => 'localhost', 'billing_day' => date('j'), 'uniqname' => name($service),
        'nickname' => $service['name'], 'email' => $service['email'],
    ] + secret($service) + ['language' => 'en-us', 'theme' => 'interworx', 'menu_style' => 'small', 'packagetemplate' => $service['package']]);
    return "{$service['domain']} has been created.";
}

/** Everything again that was given at the creation, of which the server can change a part. */
function update(array $service): string
{
    call(ACCOUNTS, 'edit', ['domainname' => $service['domain'], 'ipaddress' => $service['ip'], 'uniqname' => name($service)]
        + secret($service) + ['packagetemplate' => $service['package']]);
    return "{$service['domain']} has been updated.";
}

function actions(array $service): array
{
    try {
        $account = call(ACCOUNTS, 'querySiteworxAccountDetails', ['domain' => $service['domain']]);
    } catch (RuntimeException) {
        return ['Create'];
    }
    return ['Delete', in_array($account['status'], ['suspended', 'inactive']) ? 'UnSuspend' : 'Suspend'];
}

function reseller_id(string $email): ?int
{
    foreach (call(RESELLERS, 'listIds', []) as [$id, $label]) {
        if (substr(explode('(', $label, 2)[1], 0, -1) == $email) {
            return $id;
        }
    }
    return null;
}

function create_reseller(array $service): string
{
    call(RESELLERS, 'add', ['nickname' => $service['name'], 'email' => $service['email']] + secret($service)
        + ['language' => 'en-us', 'theme' => 'interworx', 'billing_day' => date('j'), 'status' => 'active',
           'packagetemplate' => $service['package'], 'ips' => call(ACCOUNTS, 'listFreeIps', [])[0][0], 'database_servers' => 'localhost']);
    return "{$service['email']} has been created.";
}

function edit_reseller(array $service, array $input): string
{
    return call(RESELLERS, 'edit', ['reseller_id' => reseller_id($service['email'])] + $input);
}

function reseller(array $service): array
{
    foreach (call(RESELLERS, 'listResellers', []) as $row) {
        if ($row->email == $service['email']) {
            return [$row->nickname, $row->status, $row->max_storage, $row->max_bandwidth];
        }
    }
    throw new RuntimeException('Reseller does not exist');
}

/** The billing system shows the text of an exception. */
function shown(callable $function): callable
{
    return function (array $service) use ($function) {
        try {
            return $function($service);
        } catch (RuntimeException $error) {
            return ['error', $error->getMessage()];
        }
    };
}

run(array_map('shown', [
    'doCreate' => 'create',
    'doUpdate' => 'update',
    'doDelete' => fn ($service) => call(ACCOUNTS, 'delete', ['domain' => $service['domain']]),
    'doSuspend' => fn ($service) => call(ACCOUNTS, 'suspend', ['domain' => $service['domain']]),
    'doUnSuspend' => fn ($service) => call(ACCOUNTS, 'unsuspend', ['domain' => $service['domain']]),
    'getAvailableActions' => 'actions',
    'packages' => fn () => array_column(call('/nodeworx/packages', 'listDetails'), 'name'),
    'create reseller' => 'create_reseller',
    'suspend reseller' => fn ($service) => edit_reseller($service, ['status' => 'inactive']),
    'unsuspend reseller' => fn ($service) => edit_reseller($service, ['status' => 'active']),
    'delete reseller' => fn ($service) => call(RESELLERS, 'delete', ['reseller_id' => reseller_id($service['email'])]),
    'reseller' => 'reseller',
]));
