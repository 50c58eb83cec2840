<?php
// In the manner of Blesta's module: SOAP 1.1 at /soap with a good certificate, `perms` in every input, no package but
// its numbers: every OPT_ option of the package's row is copied. Rows of packages and usage are maps, rows of accounts and
// resellers are objects. A result is ["success", the payload] or ["error", a text].

require __DIR__ . '/module.php';

const ACCOUNTS = '/nodeworx/siteworx';
const RESELLERS = '/nodeworx/reseller';

function query(string $controller, string $action, string $permission, array $input = []): array
{
    global $told;
    try {
        $answer = ask(client('/soap'), $told['key'], $controller, $action, $input + ['perms' => [$permission]]);
    } catch (SoapFault) {
        return ['error', 'soap_error2'];
    }
    if (isset($answer['status']) && $answer['status']) {
        return ['error', "reported_error {$answer['payload']}"];
    }
    return isset($answer['payload']) ? ['success', $answer['payload']] : ['error', 'internal'];
}

function rows(string $controller, string $action, string $permission): array
{
    [$status, $rows] = query($controller, $action, $permission);
    return $status === 'success' ? $rows : throw new RuntimeException("$controller $action: $rows");
}

/** The addresses whose label holds "shared", though not at its beginning: 0 is as good as false to it. */
function shared_addresses(): array
{
    $shared = fn ($row) => isset($row[1]) && strpos(strtolower($row[1]), 'shared');
    return array_column(array_filter(rows(ACCOUNTS, 'listFreeIps', 'SWACCOUNTS'), $shared), 0);
}

/** The options of a package, by its id. A flag may be a boolean. */
function options(string $controller, int $plan): array
{
    foreach (rows($controller, 'listDetails', 'RESELLER') as $package) {
        if ($package['id'] == $plan) {
            $options = array_filter($package, fn ($name) => str_contains($name, 'OPT_'), ARRAY_FILTER_USE_KEY);
            return array_map(fn ($value) => is_bool($value) ? (int) $value : $value, $options);
        }
    }
    return [];
}

function create(array $service): array
{
    $domain = strtolower($service['domain']);
    $name = strtolower($service['username']);
    [$address] = shared_addresses();
    $options = options('/nodeworx/packages', $service['plan']);
    if (!$options) {
        return ['error', 'no_packages'];
    }
    foreach (rows(ACCOUNTS, 'listAccounts', 'SWACCOUNTS') as $account) {
        if ($account->domain == $domain) {
            return ['error', 'duplicate_domain'];
        }
        if ($account->uniqname == $name) {
            return ['error', 'duplicate_username'];
        }
    }
    return query(ACCOUNTS, 'add', 'SWACCOUNTS', [
        'domainname' => $domain, 'password' => $service['password'], 'confirm_password' => $service['password'],
        'uniqname' => $name, 'nickname' => $name, 'email' => $service['email'], 'ipaddress' => $address,
    ] + $options);
}

/** A change; with a plan, all its options, and the plan's number, which is no input of the server. */
function modify(array $service): array
{
    $options = isset($service['plan']) ? options('/nodeworx/packages', $service['plan']) : [];
    return query(ACCOUNTS, 'edit', 'SWACCOUNTS', $service + $options);
}

function usage(array $service): ?array
{
    foreach (rows(ACCOUNTS, 'listBandwidthAndStorage', 'SWACCOUNTS') as $row) {
        if ($row['domain'] == $service['domain']) {
            return $row;
        }
    }
    return null;
}

/** Nothing about resellers is tried without asking who the key is. */
function as_master(callable $does): array
{
    [$status, $is_reseller] = query('/nodeworx/users', 'isReseller', 'NODEWORXUSER');
    return $status === 'success' && $is_reseller ? ['error', 'no_reseller_access'] : $does();
}

function create_reseller(array $service): array
{
    $input = ['password' => $service['password'], 'confirm_password' => $service['password'], 'email' => $service['email'],
        'status' => 'active', 'nickname' => $service['username'], 'ips' => implode(',', shared_addresses())];
    $options = options('/nodeworx/reseller/packages', $service['plan']);
    if (!$options) {
        return ['error', 'no_packages'];
    }
    foreach (rows(RESELLERS, 'listResellers', 'RESELLER') as $reseller) {
        if ($reseller->email == $service['email']) {
            return ['error', 'duplicate_email'];
        }
    }
    [$status, $payload] = query(RESELLERS, 'add', 'RESELLER', $input + $options);
    if ($status === 'error') {
        return [$status, $payload];
    }
    $resellers = rows(RESELLERS, 'listResellers', 'RESELLER');
    return ['success', end($resellers)->reseller_id];
}

function edit_reseller(array $input): array
{
    return as_master(fn () => query(RESELLERS, 'edit', 'RESELLER', $input));
}

run([
    'user' => fn () => query('/nodeworx/users', 'listWorkingUser', 'NODEWORXUSER'),
    'packages' => fn () => array_column(rows('/nodeworx/packages', 'listDetails', 'RESELLER'), 'id', 'name'),
    'create' => 'create',
    'modify' => 'modify',
    'suspend' => fn ($service) => query(ACCOUNTS, 'suspend', 'SWACCOUNTS', $service),
    'unsuspend' => fn ($service) => query(ACCOUNTS, 'unsuspend', 'SWACCOUNTS', $service),
    'remove' => fn ($service) => query(ACCOUNTS, 'delete', 'SWACCOUNTS', $service + ['confirm_action' => 1]),
    'usage' => 'usage',
    'reseller packages' => fn () => array_column(rows('/nodeworx/reseller/packages', 'listDetails', 'RESELLER'), 'id', 'name'),
    'create reseller' => fn ($service) => as_master(fn () => create_reseller($service)),
    'modify reseller' => 'edit_reseller',
    'suspend reseller' => fn ($service) => edit_reseller($service + ['status' => 'inactive']),
    'unsuspend reseller' => fn ($service) => edit_reseller($service + ['status' => 'active']),
    'remove reseller' => fn ($service) => as_master(fn () => query(RESELLERS, 'delete', 'RESELLER', $service)),
    'resellers' => fn () => array_column(array_map(fn ($row) => (array) $row, rows(RESELLERS, 'listResellers', 'RESELLER')),
        'status', 'email'),
]);
