<?php
// PHP's SoapClient by route, as billing modules use it. The arguments: `wsdl` or `plain`, and the SOAP version.

require __DIR__ . '/story.php';

const SITEWORX = '/nodeworx/siteworx';
const RESELLER = '/nodeworx/reseller';

[, $mode, $version] = $argv;
$client = $mode === 'wsdl'
    ? soap(told('WSDL'), $version)
    : soap(null, $version, ['location' => told('URL'), 'uri' => 'urn:anything']);
$domain = told('DOMAIN');
$which = ['domain' => $domain];
$reseller = 0;
$opening = [
    'master_domain' => $domain, 'uniqname' => told('UNIXNAME'), 'email' => 'me@example.com', 'nickname' => NICKNAME,
    'password' => 'Correct-horse7', 'confirm_password' => 'Correct-horse7', 'packagetemplate' => 'basic',
];

function done(string $ctrl, string $action, array $input = [])
{
    global $client;
    ['status' => $status, 'payload' => $payload] = $client->route(told('KEY'), $ctrl, $action, $input);
    if ($status !== 0) {
        throw new UnexpectedValueException("$status: $payload");
    }
    return $payload;
}

function refused(string $action, array $input): string
{
    global $client;
    ['status' => $status, 'payload' => $payload] = $client->route(told('KEY'), SITEWORX, $action, $input);
    same(11, $status);
    return $payload;
}

/** The members of an account's details, in the order of their names. */
function details(string ...$names): array
{
    $found = done(SITEWORX, 'querySiteworxAccountDetails', ['domain' => told('DOMAIN')]);
    return array_map(fn ($name) => $found[$name], $names);
}

function edit(array $changes): string
{
    return done(SITEWORX, 'edit', ['domain' => told('DOMAIN')] + $changes);
}

/** The reseller's row, in an array; an empty one when it has none. */
function reseller_rows(): array
{
    global $reseller;
    return array_values(array_filter(done(RESELLER, 'listResellers'), fn ($row) => $row->reseller_id === $reseller));
}

echo 'version ', PHP_VERSION, "\n";

step('ping', fn () => same(1, preg_match('/^\d+\.\d+/', done('/nodeworx/overview', 'listVersion')['version'])));
step('create', fn () => same("Account $domain has been created.", done(SITEWORX, 'add', $opening)));
step('details', function () use ($domain) {
    same(
        [$domain, told('UNIXNAME'), 'active', NICKNAME, 'basic', 1000, 0],
        details('domain', 'unixuser', 'status', 'nickname', 'package_name', 'OPT_STORAGE', 'OPT_SSL'),
    );
    same([true, ''], [is_int(details('id')[0]), details('inactive_msg')[0]]);
});
step('duplicate', function () use ($opening) {
    $text = refused('add', $opening);
    holds('Domain name already exists', $text);
    holds('Unixname is already in use', $text);
});
step('usage', function () use ($domain, $which) {
    [$row] = done(SITEWORX, 'listBandwidthAndStorageInMB', $which);
    same([$domain, 1000, 10240], [$row['domain'], $row['storage'], $row['bandwidth']]);
    same([true, true], [$row['storage_used'] >= 0, $row['bandwidth_used'] >= 0]);
});
step('suspend', fn () => same("Account $domain has been changed.", edit(['status' => '0'])));
step('suspended', fn () => same(['inactive'], details('status')));
step('unsuspend', function () {
    edit(['status' => '1']);
    same(['active'], details('status'));
});
step('package', function () {
    edit(['packagetemplate' => 'pro']);
    same(
        ['pro', 5000, 100, 10, 1],
        details('package_name', 'OPT_STORAGE', 'OPT_BANDWIDTH', 'OPT_SUBDOMAINS', 'OPT_SSL'),
    );
});
step('password', function () use ($domain) {
    same("Account $domain has been changed.", edit(['password' => PASSWORD, 'confirm_password' => PASSWORD]));
});
step('list', function () use ($domain) {
    $found = array_filter(done(SITEWORX, 'listAccounts'), fn ($row) => $row->domain === $domain);
    same([[told('UNIXNAME'), 'active']], array_map(fn ($row) => [$row->uniqname, $row->status], array_values($found)));
});
step('reseller-create', function () use (&$reseller) {
    $reseller = done(RESELLER, 'add', [
        'email' => told('RESELLER'), 'nickname' => 'Reseller', 'password' => 'Correct-horse7',
        'confirm_password' => 'Correct-horse7', 'RSL_OPT_STORAGE' => 10000, 'RSL_OPT_BANDWIDTH' => 100,
        'RSL_OPT_SITEWORX_ACCOUNTS' => 5,
    ])['reseller_id'];
    same(true, is_int($reseller) && $reseller > 1);
});
step('reseller-list', function () {
    [$row] = reseller_rows();
    same([told('RESELLER'), 'Reseller', 'active'], [$row->email, $row->nickname, $row->status]);
});
step('reseller-suspend', function () use (&$reseller) {
    foreach (['inactive', 'active'] as $status) {
        done(RESELLER, 'edit', ['reseller_id' => $reseller, 'status' => $status]);
        same($status, reseller_rows()[0]->status);
    }
});
step('reseller-delete', function () use (&$reseller) {
    done(RESELLER, 'delete', ['reseller_id' => $reseller]);
    same([], reseller_rows());
});
step('terminate', fn () => same("Account $domain has been deleted.", done(SITEWORX, 'delete', $which)));
step('gone', fn () => refused('querySiteworxAccountDetails', $which));
step('stranger', fn () => same(401, $client->route('nonsense', SITEWORX, 'listAccounts', [])['status']));
echo "end\n";
