<?php
// In the manner of sourceDESK's module: SOAP 1.1 at /soap on any certificate, the key as a member, names of version 6, no
// input at all where there is nothing to say.
// Of an error it shows what stands before the word "Usage"; without that word it shows nothing.

require __DIR__ . '/module.php';

const ACCOUNTS = '/nodeworx/siteworx';

function call(string $controller, string $action, array ...$input): array
{
    global $told;
    static $client;
    $client ??= client('/soap', ['stream_context' => any_certificate()]);
    return ask($client, ['apikey' => $told['key']], $controller, $action, ...$input);
}

/** [true, the payload], or [false, the text that is shown]. */
function outcome(array $answer): array
{
    if ($answer['status'] == 0) {
        return [true, $answer['payload']];
    }
    $end = strpos($answer['payload'], 'Usage');
    return [false, trim(substr($answer['payload'], 0, $end ?: 0))];
}

function create(array $service): array
{
    return outcome(call(ACCOUNTS, 'add', [
        'master_domain' => $service['domain'], 'master_domain_ipv4' => call(ACCOUNTS, 'listFreeIps')['payload'][0][0],
        'uniqname' => $service['username'], 'nickname' => $service['name'], 'email' => $service['email'],
        'password' => $service['password'], 'confirm_password' => $service['password'], 'packagetemplate' => $service['package'],
    ]));
}

run([
    'create' => 'create',
    'packages' => fn () => array_map(fn ($row) => $row->name, call('/nodeworx/packages', 'listPackages')['payload']),
    'edit' => fn ($service) => outcome(call(ACCOUNTS, 'edit', $service)),
    'suspend' => fn ($service) => outcome(call(ACCOUNTS, 'suspend', $service)),
    'unsuspend' => fn ($service) => outcome(call(ACCOUNTS, 'unsuspend', $service)),
    'delete' => fn ($service) => outcome(call(ACCOUNTS, 'delete', $service)),
]);
