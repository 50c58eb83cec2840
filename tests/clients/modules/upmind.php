<?php
// In the manner of Upmind's provider: SOAP 1.1 at /soap, e-mail and password in place of a key, the reason with a
// suspension, un-suspension by Unix name. Its errors are found by their words in a payload of status 11; any other status
// has no words to it, and passes for success.

require __DIR__ . '/module.php';

const ACCOUNTS = '/nodeworx/siteworx';
const RESELLERS = '/nodeworx/reseller';
const WORDS = [
    '/Unixname is already in use/' => 'Username is already in use',
    '/Domain name already exists/' => 'Domain name already exists',
    '/unixuser: .* This is not a valid option/' => 'Account does not exist',
    '/domain: .* This is not a valid option/' => 'Account does not exist',
    '/packagetemplate: .* This is not a valid option/' => 'Invalid package name',
];

function problem(array $answer): string
{
    if ($answer['status'] != 11) {
        return '';
    }
    $found = array_filter(WORDS, fn ($pattern) => preg_match($pattern, $answer['payload']), ARRAY_FILTER_USE_KEY);
    return implode('. ', $found) ?: (explode("\n", $answer['payload'])[1] ?? 'Unknown Error');
}

function request(string $controller, string $action, array $input = [])
{
    global $told;
    static $client;
    $client ??= client('/soap', ['trace' => true]);
    $key = ['email' => $told['email'], 'password' => $told['secret']];
    $answer = ask($client, $key, $controller, $action, $input);
    if ($problem = problem($answer)) {
        throw new RuntimeException($problem);
    }
    return $answer['payload'];
}

function create(array $service): string
{
    $address = current(current(request(ACCOUNTS, 'listFreeIps')));
    $input = ['nickname' => $service['name'], 'email' => $service['email'], 'password' => $service['password'],
        'confirm_password' => $service['password'], 'packagetemplate' => $service['package']];
    if ($service['reseller'] ?? false) {
        request(RESELLERS, 'add', $input + ['ipv4' => $address, 'status' => 'active']);
    } else {
        request(ACCOUNTS, 'add', $input + ['master_domain' => $service['domain'], 'master_domain_ipv4' => $address,
            'uniqname' => $service['username']]);
    }
    return 'created';
}

function domain_of(string $unixname): string
{
    return request(ACCOUNTS, 'querySiteworxAccounts', ['unixuser' => $unixname])[0]['domain'];
}

function details(array $service): array
{
    return request(ACCOUNTS, 'querySiteworxAccountDetails', ['domain' => domain_of($service['username'])]);
}

function info(array $service): array
{
    $account = details($service);
    $suspended = $account['status'] === 'inactive';
    $reason = $suspended ? (string) $account['inactive_msg'] : '';
    return [$account['unixuser'], $account['domain'], $account['package_name'], $suspended, $reason ?: null, $account['ip']];
}

/** Used and limit of the disk, then of the traffic, in MB. No storage, or 0, is no limit. */
function usage(array $service): array
{
    $account = details($service);
    $storage = isset($account['storage']) ? (int) $account['storage'] : null;
    return [(int) $account['storage_used'], $storage != 0 ? $storage : null,
        (int) $account['bandwidth_used'] * 1024, (int) $account['bandwidth'] * 1024];
}

function edit(array $service, array $input)
{
    return request(ACCOUNTS, 'edit', ['domain' => domain_of($service['username'])] + $input);
}

/** A reseller is known by its nickname. */
function reseller(string $nickname): array
{
    foreach (request(RESELLERS, 'listResellers') as $row) {
        $row = (array) $row;
        if ($row['nickname'] === $nickname) {
            return $row;
        }
    }
    throw new RuntimeException('Account does not exist');
}

function reseller_usage(array $service): array
{
    $row = reseller($service['name']);
    $storage = isset($row['max_storage']) ? (int) $row['max_storage'] : null;
    return [(int) $row['storage'], $storage != 0 ? $storage : null, (int) $row['bandwidth'] * 1024, (int) $row['max_bandwidth'] * 1024];
}

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
    'create' => 'create',
    'getInfo' => 'info',
    'getUsage' => 'usage',
    'suspend' => fn ($service) => request(ACCOUNTS, 'suspend', ['domain' => domain_of($service['username'])]
        + (($service['reason'] ?? '') ? ['message' => $service['reason']] : [])),
    'unSuspend' => fn ($service) => request(ACCOUNTS, 'unsuspendByUser', ['user' => $service['username']]),
    'changePassword' => fn ($service) => edit($service, ['password' => $service['password'], 'confirm_password' => $service['password']]),
    'changePackage' => fn ($service) => edit($service, ['packagetemplate' => $service['package']]),
    'terminate' => fn ($service) => request(ACCOUNTS, 'delete', ['domain' => domain_of($service['username'])]),
    'by domain' => fn ($service) => request(ACCOUNTS, 'querySiteworxAccountDetails', ['domain' => $service['domain']]),
    'reseller info' => fn ($service) => picked(reseller($service['name']), 'nickname', 'email', 'status'),
    'reseller usage' => 'reseller_usage',
    'terminate reseller' => fn ($service) => request(RESELLERS, 'delete', ['reseller_id' => reseller($service['name'])['reseller_id']]),
]));
