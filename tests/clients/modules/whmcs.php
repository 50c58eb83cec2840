<?php
// In the manner of WHMCS's module: SOAP 1.1 at /nodeworx/soap, the access hash as it was pasted, a new connection for
// each call, the first free address taken blindly, texts for numbers, any status but 0 shown with its payload. A server
// that is known by its host name must show a good certificate; one that is known by its address may show any.

require __DIR__ . '/module.php';

const ACCOUNTS = '/nodeworx/siteworx';
const RESELLERS = '/nodeworx/reseller';

function call(string $controller, string $action, array $input = []): array
{
    global $told;
    $options = $told['named'] ? [] : ['stream_context' => any_certificate()];
    return ask(client('/nodeworx/soap', $options), $told['key'], $controller, $action, $input);
}

function outcome(array $answer): string
{
    return $answer['status'] ? "{$answer['status']} - {$answer['payload']}" : 'success';
}

function nickname(array $service): string
{
    return strtolower($service['firstname'] . $service['lastname']);
}

function is_reseller(array $service): bool
{
    return $service['type'] === 'reselleraccount';
}

/** Ids by e-mail: of a label "nickname (email)" what follows the first "(", but for the last character. */
function reseller_ids(): array
{
    $ids = [];
    foreach (call(RESELLERS, 'listIds')['payload'] as [$id, $label]) {
        $ids[substr(explode('(', $label, 2)[1], 0, -1)] = $id;
    }
    return $ids;
}

/** The controller and what names the service there; a controller of null is no such reseller. */
function found(array $service): array
{
    if (!is_reseller($service)) {
        return [ACCOUNTS, ['domain' => $service['domain']]];
    }
    $id = reseller_ids()[$service['email']] ?? null;
    return [$id ? RESELLERS : null, ['reseller_id' => $id]];
}

function act(array $service, string $action, array $input): string
{
    [$controller, $which] = found($service);
    return $controller ? outcome(call($controller, $action, $which + $input)) : 'Reseller ID Not Found';
}

function overselling(array $service): array
{
    $ticked = $service['overselling'] ? '1' : '0';
    return ['RSL_OPT_OVERSELL_STORAGE' => $ticked, 'RSL_OPT_OVERSELL_BANDWIDTH' => $ticked];
}

function create(array $service): string
{
    $free = call(ACCOUNTS, $service['dedicated'] ? 'listDedicatedFreeIps' : 'listFreeIps');
    if ($free['status']) {
        return outcome($free);
    }
    $address = $free['payload'][0][0];
    $secret = ['password' => $service['password'], 'confirm_password' => $service['password'], 'language' => 'en-us'];
    $who = ['nickname' => nickname($service), 'email' => $service['email']] + $secret + ['theme' => $service['theme']];
    if (!is_reseller($service)) {
        $names = ['domainname' => $service['domain'], 'ipaddress' => $address, 'uniqname' => $service['username']];
        return outcome(call(ACCOUNTS, 'add', $names + $who + ['packagetemplate' => $service['package']]));
    }
    $who += ['billing_day' => '1', 'status' => 'active', 'packagetemplate' => $service['package']];
    return outcome(call(RESELLERS, 'add', $who + overselling($service) + ['ips' => $address, 'database_servers' => 'localhost']));
}

function change_package(array $service): string
{
    $package = ['package_template' => $service['package']];
    return act($service, 'edit', is_reseller($service) ? $package + overselling($service) : $package);
}

/** What becomes of the rows: a row of numbers for each domain. Versions before 2018 ask for the limits in GB. */
function usage(array $service): array
{
    $rows = [];
    foreach (call(ACCOUNTS, $service['action'] ?? 'listBandwidthAndStorageInMB')['payload'] as $row) {
        $rows[$row['domain']] = picked($row, 'storage_used', 'storage', 'bandwidth_used', 'bandwidth');
    }
    return $rows;
}

/** The form behind the customer's button: the address it is posted to, and its fields. */
function form(array $service): array
{
    global $told;
    if (is_reseller($service)) {
        return ["{$told['server']}/nodeworx/index.php?action=login", ['email' => $service['email'], 'password' => $service['password']]];
    }
    return ["{$told['server']}/siteworx/index.php?action=login",
        ['email' => $service['email'], 'password' => $service['password'], 'domain' => $service['domain']]];
}

run([
    'CreateAccount' => 'create',
    'SuspendAccount' => fn ($service) => act($service, 'edit', ['status' => is_reseller($service) ? 'inactive' : '0']),
    'UnsuspendAccount' => fn ($service) => act($service, 'edit', ['status' => is_reseller($service) ? 'active' : '1']),
    'TerminateAccount' => fn ($service) => act($service, 'delete', is_reseller($service) ? [] : ['confirm_action' => '1']),
    'ChangePassword' => fn ($service) => act($service, 'edit', ['password' => $service['password'],
        'confirm_password' => $service['password']]),
    'ChangePackage' => 'change_package',
    'UsageUpdate' => 'usage',
    'ClientArea' => 'form',
    'AdminLink' => fn () => ["{$told['server']}/nodeworx/", []],
]);
