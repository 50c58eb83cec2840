<?php
// The life of an account by the typed WSDL. {"wsdl", "version", "key", "site"} come in.

require __DIR__ . '/story.php';

$client = soap($told['wsdl'], [
    'soap_version' => $told['version'] === '1.2' ? SOAP_1_2 : SOAP_1_1,
    'location' => $told['location'],
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
]);

function log_in(string $key): void
{
    global $client;
    $client->__setSoapHeaders(new SoapHeader('urn:iwapi:billing:1', 'Auth', ['apikey' => $key]));
}

function call(string $operation, array $inputs = [])
{
    global $client;
    return $client->$operation($inputs)->result;
}

/** The detail of the fault that a call must end with. */
function fault(string $operation, array $inputs, string $name): stdClass
{
    try {
        call($operation, $inputs);
    } catch (SoapFault $fault) {
        same("$operation: the only fault", [$name], array_keys((array) $fault->detail));
        $detail = $fault->detail->$name;
        same("$operation: whose mistake", true, in_array($fault->faultcode, ['soap:Client', 'soap:Sender'], true));
        same("$operation: the text", true, str_starts_with($fault->faultstring, $detail->message));
        same("$operation: the id", 1, preg_match('/^[0-9a-f]{16}$/', $detail->request_id));
        same("$operation: whether to repeat", false, $detail->retryable);
        return $detail;
    }
    same("$operation: a fault", $name, 'none');
    return new stdClass();
}

function is_now(string $step, string $date): void
{
    same("$step: the form", 1, preg_match('/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/', $date));
    same("$step: the time", true, abs(time() - (new DateTimeImmutable($date))->getTimestamp()) < 60);
}

log_in($told['key']);

$pong = call('ping');
same('ping', ['admin@example.com', true, ['all'], 1], [$pong->email, $pong->master, $pong->scopes, $pong->nodeworx_id]);
is_now('ping', $pong->time);

$packages = call('listPackages')->packages;
same('packages', ['basic', 'pro'], array_map(fn ($package) => $package->name, $packages));
same('numbers and flags', [5000, true, false], [$packages[1]->OPT_STORAGE, $packages[1]->OPT_SSL, $packages[1]->OPT_BURSTABLE]);
$free = call('listFreeIps')->addresses;
same('addresses', ['127.0.0.1', true, '127.0.0.12', false],
    [$free[0]->address, $free[0]->shared, end($free)->address, end($free)->shared]);

$account = call('createSiteWorxAccount', [
    'master_domain' => 'example.com', 'email' => 'me@example.com', 'password' => 'Correct-horse7', 'packagetemplate' => 'basic',
    'nickname' => 'Müller & <Söhne>', 'OPT_SSL' => true, 'OPT_STORAGE' => 77,
]);
same('create', ['example.com', 'examplec', 'active', 'Müller & <Söhne>', 'basic', 77, true, false, '127.0.0.1'], [
    $account->master_domain, $account->uniqname, $account->status, $account->nickname, $account->package_name,
    $account->OPT_STORAGE, $account->OPT_SSL, $account->OPT_BACKUP, $account->master_domain_ipv4,
]);
is_now('create', $account->date_created);
same('the site answers', 200, visit('example.com')[0]);

$detail = fault('createSiteWorxAccount', ['master_domain' => 'example.com', 'email' => 'me@example.com',
    'password' => 'Correct-horse7', 'packagetemplate' => 'basic'], 'DomainTakenFault');
same('taken', ['DOMAIN_TAKEN', 'This domain name is already in use here.'], [$detail->code, $detail->customer_message]);
$detail = fault('createSiteWorxAccount', ['master_domain' => 'x', 'email' => 'y', 'password' => 'zzz'], 'InvalidInputFault');
same('wrong', [['master_domain', 'x'], ['email', 'y'], ['password', '********'], ['OPT_STORAGE', ''], ['OPT_BANDWIDTH', '']],
    array_map(fn ($problem) => [$problem->field, $problem->value], $detail->problems));

same('suspend', ['inactive', 'unpaid'], (fn ($got) => [$got->status, $got->inactive_msg])(
    call('suspendSiteWorxAccount', ['domain' => 'example.com', 'message' => 'unpaid'])));
same('the site is suspended', 503, visit('example.com')[0]);
same('unsuspend', 'active', call('unsuspendSiteWorxAccount', ['domain' => 'example.com'])->status);
same('the site is back', 200, visit('example.com')[0]);
same('a status that is false', 'inactive', call('editSiteWorxAccount', ['domain' => 'example.com', 'status' => false])->status);
same('a status that is true', 'active', call('editSiteWorxAccount', ['domain' => 'example.com', 'status' => true])->status);
same('password', 'example.com', call('changeSiteWorxPassword', ['domain' => 'example.com', 'password' => 'Another-horse8'])->master_domain);
same('package', ['pro', 5000], (fn ($got) => [$got->package_name, $got->OPT_STORAGE])(
    call('changeSiteWorxPackage', ['domain' => 'example.com', 'packagetemplate' => 'pro'])));
$page = call('listSiteWorxAccounts', ['limit' => 1]);
same('list', ['example.com', false], [$page->accounts[0]->master_domain, isset($page->next)]);
$usage = call('getUsage', ['domain' => 'example.com']);
same('usage', ['example.com', 1, 5000, 102400, true],
    [$usage->master_domain, $usage->storage_used, $usage->storage, $usage->bandwidth, is_int($usage->storage_bytes)]);
$made = call('createPackage', ['package_name' => 'tiny', 'OPT_STORAGE' => 1, 'OPT_BANDWIDTH' => 1]);
same('package made', $made->id, call('getPackage', ['package_name' => 'tiny'])->id);
same('package edited', 2, call('editPackage', ['id' => $made->id, 'OPT_STORAGE' => 2])->OPT_STORAGE);
same('package deleted', 'tiny', call('deletePackage', ['id' => $made->id])->name);
fault('getPackage', ['id' => $made->id], 'PackageNotFoundFault');

$closed = call('deleteSiteWorxAccount', ['domain' => 'example.com']);
same('delete', [$account->siteworx_id, 'example.com'], [$closed->siteworx_id, $closed->master_domain]);
same('the site is gone', 404, visit('example.com')[0]);
fault('getSiteWorxAccount', ['domain' => 'example.com'], 'AccountNotFoundFault');
log_in('nonsense');
same('a wrong key', 'NOT_AUTHENTICATED', fault('ping', [], 'NotAuthenticatedFault')->code);

end_of_story();
