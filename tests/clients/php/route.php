<?php
// The life of two accounts by InterWorx's route, as billing modules call it. {"wsdl": null for none, "version",
// "location", "key", "site"} come in.

require __DIR__ . '/story.php';

const CTRL = '/nodeworx/siteworx';
const HEADING = 'There was a problem validating the form. Please see details below.';

$options = ['soap_version' => $told['version'] === '1.2' ? SOAP_1_2 : SOAP_1_1];
if ($told['wsdl'] === null) {
    $options += ['location' => $told['location'], 'uri' => 'urn:anything'];
}
$client = soap($told['wsdl'], $options);

function route(string $action, array $input = [], $key = null, string $ctrl = CTRL): array
{
    global $client, $told;
    return $client->route($key ?? $told['key'], $ctrl, $action, $input);
}

function done(string $step, string $sentence, array $answer): void
{
    same($step, ['status' => 0, 'payload' => $sentence], $answer);
}

function refused(string $step, array $answer, ...$parts): void
{
    same("$step: status", 11, $answer['status']);
    holds($step, $answer['payload'], ...$parts);
}

function options(array $given): array
{
    $names = 'STORAGE BANDWIDTH EMAIL_ALIASES EMAIL_AUTORESPONDERS EMAIL_BOXES EMAIL_GROUPS FTP_ACCOUNTS MYSQL_DBS '
        . 'MYSQL_DB_USERS POINTER_DOMAINS SLAVE_DOMAINS SUBDOMAINS BACKUP CGI_ACCESS CRONTAB DNS_RECORDS SSL BURSTABLE '
        . 'SAVE_XFER_LOGS';
    $all = [];
    foreach (explode(' ', $names) as $name) {
        $all["OPT_$name"] = $all[strtolower($name)] = $given[$name] ?? 0;
    }
    return $all;
}

function details(string $step, string $domain, array $expected): void
{
    $answer = route('querySiteworxAccountDetails', ['domain' => $domain]);
    same("$step: status", 0, $answer['status']);
    $got = $answer['payload'];
    same("$step: the id is an integer", true, is_int($got['id']) && $got['id'] > 0);
    same("$step: so is what is used", [true, 0], [is_int($got['storage_used']), $got['bandwidth_used']]);
    $expected += ['id' => $got['id'], 'storage_used' => $got['storage_used'], 'bandwidth_used' => 0];
    same($step, sorted($expected), sorted($got));
}

// Addresses
$shared = array_map(fn ($ip) => [$ip, "$ip (shared)"], ['127.0.0.1', '127.0.0.2', '127.0.0.3']);
$alone = array_map(fn ($ip) => [$ip, $ip], ['127.0.0.11', '127.0.0.12']);
same('free addresses', ['status' => 0, 'payload' => array_merge($shared, $alone)], route('listFreeIps'));
same('dedicated addresses', ['status' => 0, 'payload' => $alone], route('listDedicatedFreeIps'));
same('a controller without its slash', route('listFreeIps'), route('listFreeIps', [], null, 'nodeworx/siteworx'));
same('no account yet', ['status' => 0, 'payload' => []], route('listBandwidthAndStorageInMB'));

// A module with packages
$account = [
    'master_domain' => 'example.com', 'uniqname' => 'examplec', 'email' => 'me@example.com',
    'nickname' => 'Müller & <Söhne>', 'password' => 'Correct-horse7', 'confirm_password' => 'Correct-horse7',
    'packagetemplate' => 'basic', 'master_domain_ipv4' => '127.0.0.2', 'language' => 'de', 'theme' => 'dark',
    'menu_style' => 'small', 'billing_day' => '3', 'encrypted' => 'n', 'no_such_input' => 'is ignored', 7 => 'seven',
];
done('add', 'Account example.com has been created.', route('add', $account));
[$status, $page] = visit('example.com');
same('the site answers', 200, $status);
holds('the site answers', $page, '<h1>example.com</h1>');
$basic = ['STORAGE' => 1000, 'BANDWIDTH' => 10, 'EMAIL_BOXES' => 10, 'FTP_ACCOUNTS' => 1, 'MYSQL_DBS' => 1,
    'MYSQL_DB_USERS' => 1];
$pro = ['STORAGE' => 5000, 'BANDWIDTH' => 100, 'EMAIL_BOXES' => 100, 'FTP_ACCOUNTS' => 10, 'MYSQL_DBS' => 10,
    'MYSQL_DB_USERS' => 10, 'SUBDOMAINS' => 10, 'POINTER_DOMAINS' => 10, 'BACKUP' => 1, 'CRONTAB' => 1,
    'DNS_RECORDS' => 1, 'SSL' => 1];
$known = ['domain' => 'example.com', 'unixuser' => 'examplec', 'status' => 'active', 'inactive_msg' => '',
    'nickname' => 'Müller & <Söhne>', 'email' => 'me@example.com', 'ip' => '127.0.0.2'];
details('details', 'example.com', $known + ['package_name' => 'basic'] + options($basic));

refused('the same again', route('add', $account), HEADING . "\n", 'master_domain: example.com Domain name already exists',
    'uniqname: examplec Unixname is already in use', "\nUsage: ");
refused('a package that is not there', route('add', ['master_domain' => 'example.org', 'packagetemplate' => 'nope'] + $account),
    'packagetemplate: nope This is not a valid option');
refused('nothing given', route('add'), HEADING, 'master_domain: (nothing) This input is required', 'email: (nothing) This',
    'password: (nothing) This input is required', "\nUsage: ");
refused('what is not honoured', route('add', ['master_domain' => 'example.org', 'php_version' => '8.2', 'encrypted' => 'y'] + $account),
    'php_version: 8.2 This input is not offered by this server', 'encrypted: y This');
refused('passwords that differ', route('edit', ['domain' => 'example.com', 'password' => 'Correct-horse7', 'confirm_password' => 'x']),
    'confirm_password: ');

// Suspend and unsuspend, with texts and with numbers
foreach ([['0', '1'], [0, 1]] as [$off, $on]) {
    done('suspend', 'Account example.com has been changed.', route('edit', ['domain' => 'example.com', 'status' => $off]));
    same('the site is suspended', 503, visit('example.com')[0]);
    details('suspended', 'example.com', ['status' => 'inactive'] + $known + ['package_name' => 'basic'] + options($basic));
    done('unsuspend', 'Account example.com has been changed.', route('edit', ['domain' => 'example.com', 'status' => $on]));
    same('the site is back', 200, visit('example.com')[0]);
}

// Password, package, and one option
$changed = 'Account example.com has been changed.';
done('password', $changed, route('edit', ['domain' => 'example.com', 'password' => $told['password'],
    'confirm_password' => $told['password']]));
done('package', $changed, route('edit', ['domain' => 'example.com', 'package_template' => 'pro']));
details('package', 'example.com', $known + ['package_name' => 'pro'] + options($pro));
done('an option', $changed, route('edit', ['domainname' => 'example.com', 'OPT_STORAGE' => 77, 'OPT_SSL' => '0']));
details('an option', 'example.com', $known + ['package_name' => 'pro'] + options(['STORAGE' => 77, 'SSL' => 0] + $pro));

// A module without packages, with earlier names, and with numbers where texts are meant
done('add', 'Account example.net has been created.', route('add', [
    'domainname' => 'example.net', 'uniqname' => 'exanet', 'email' => 'you@example.net', 'ipaddress' => '127.0.0.11',
    'password' => 123456789012, 'confirm_password' => '123456789012', 'OPT_STORAGE' => 250, 'OPT_BANDWIDTH' => '999999999',
    'OPT_EMAIL_BOXES' => 5, 'OPT_SSL' => 1, 'OPT_CGI_ACCESS' => '1', 'OPT_MYSQL_DBS' => '', 'package' => null,
]));
details('limits one by one', 'example.net', [
    'domain' => 'example.net', 'unixuser' => 'exanet', 'status' => 'active', 'inactive_msg' => '', 'nickname' => 'example.net',
    'email' => 'you@example.net', 'ip' => '127.0.0.11', 'package_name' => '',
] + options(['STORAGE' => 250, 'BANDWIDTH' => 999999999, 'EMAIL_BOXES' => 5, 'SSL' => 1, 'CGI_ACCESS' => 1]));
same('its address is no longer free', ['status' => 0, 'payload' => [$alone[1]]], route('listDedicatedFreeIps'));
refused('its address is taken', route('add', ['master_domain' => 'example.org', 'uniqname' => 'exaorg',
    'master_domain_ipv4' => '127.0.0.11'] + $account), 'master_domain_ipv4: 127.0.0.11 This is not a valid option');

// Usage
$usage = route('listBandwidthAndStorageInMB');
same('usage: status', 0, $usage['status']);
[$first, $second] = $usage['payload'];
$ids = array_map(fn ($domain) => route('querySiteworxAccountDetails', ['domain' => $domain])['payload']['id'],
    ['example.com', 'example.net']);
same('usage', [
    ['id' => $ids[0], 'domain' => 'example.com', 'bandwidth_used' => $first['bandwidth_used'], 'bandwidth' => 102400,
     'storage_used' => 1, 'storage' => 77],
    ['id' => $ids[1], 'domain' => 'example.net', 'bandwidth_used' => 0, 'bandwidth' => 999999999,
     'storage_used' => 1, 'storage' => 250],
], $usage['payload']);
same('usage: the bytes of the visits, as MB', true, in_array($first['bandwidth_used'], [0, 1], true));
same('usage of one', [$second], route('listBandwidthAndStorageInMB', ['domain' => 'example.net'])['payload']);

// Every form of log-in, and what is none
foreach ([['apikey' => $told['key']], ['apikey' => $told['key'], 'domain' => 'example.com'], "  \r\n" . $told['key'],
    str_replace("\n", '', $told['key']), ['email' => $told['email'], 'password' => $told['secret']]] as $form) {
    same('a form of log-in', 0, route('listFreeIps', [], $form)['status']);
}
foreach (['nonsense', true, 0, [], [$told['key']], ['apikey' => [$told['key']]], ['email' => $told['email'], 'password' => 'x']] as $form) {
    same('no log-in', 401, route('listFreeIps', [], $form)['status']);
}

// What is not there
refused('an action that is not there', route('listFreeIp'), 'is not offered by this server', 'listFreeIps');
refused('another account', route('querySiteworxAccountDetails', ['domain' => 'example.org']),
    'domain: example.org This is not a valid option');

// Delete, all of them or none, two at once
refused('one of two is not there', route('delete', ['domain' => ['example.com', 'example.org']]), 'domain: example.org This');
same('the other is still there', 200, visit('example.com')[0]);
done('delete', "Account example.com has been deleted.\nAccount example.net has been deleted.",
    route('delete', ['domain' => ['example.com', 'example.net'], 'confirm_action' => '1']));
same('the sites are gone', [404, 404], [visit('example.com')[0], visit('example.net')[0]]);
refused('no such account', route('edit', ['domain' => 'example.com', 'status' => '1']), 'domain: example.com This');
done('the names are free', 'Account example.com has been created.', route('add', $account));
done('delete one', 'Account example.com has been deleted.', route('delete', ['domain' => 'example.com']));

end_of_story();
