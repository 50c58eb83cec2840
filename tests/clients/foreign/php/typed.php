<?php
// PHP's SoapClient on the typed WSDL. The SOAP version is the argument.

require __DIR__ . '/story.php';

$client = soap(told('WSDL'), $argv[1], ['features' => SOAP_SINGLE_ELEMENT_ARRAYS]);
$domain = told('DOMAIN');
$which = ['domain' => $domain];
$reseller = 0;
$opening = [
    'master_domain' => $domain, 'uniqname' => told('UNIXNAME'), 'email' => 'me@example.com', 'nickname' => NICKNAME,
    'password' => 'Correct-horse7', 'packagetemplate' => 'basic',
];

function log_in(string $key, array $options = []): void
{
    global $client;
    $headers = [new SoapHeader('urn:iwapi:billing:1', 'Auth', ['apikey' => $key])];
    if ($options) {
        $headers[] = new SoapHeader('urn:iwapi:billing:1', 'Options', $options);
    }
    $client->__setSoapHeaders($headers);
}

function call(string $operation, array $inputs = []): stdClass
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
        same([$name], array_keys((array) $fault->detail));
        return $fault->detail->$name;
    }
    throw new UnexpectedValueException("$operation: no fault");
}

/** The members of all pages. */
function all(string $operation, string $rows): array
{
    $page = call($operation, ['limit' => 1]);
    $all = $page->$rows ?? [];
    while (isset($page->next)) {
        $page = call($operation, ['after' => $page->next, 'limit' => 1]);
        array_push($all, ...$page->$rows ?? []);
    }
    return $all;
}

/** The reseller's row, in an array; an empty one when it has none. */
function reseller_rows(): array
{
    global $reseller;
    return array_values(array_filter(all('listResellers', 'resellers'), fn ($row) => $row->reseller_id === $reseller));
}

log_in(told('KEY'));
echo 'version ', PHP_VERSION, "\n";

step('ping', function () {
    $pong = call('ping');
    same(['admin@example.com', true, ['all'], 1], [$pong->email, $pong->master, $pong->scopes, $pong->nodeworx_id]);
});
step('create', function () use ($domain, $opening) {
    $account = call('createSiteWorxAccount', $opening);
    same([$domain, 'active', 1000], [$account->master_domain, $account->status, $account->OPT_STORAGE]);
});
step('details', function () use ($domain, $which) {
    $account = call('getSiteWorxAccount', $which);
    same(
        [$domain, told('UNIXNAME'), 'active', NICKNAME, 'basic'],
        [$account->master_domain, $account->uniqname, $account->status, $account->nickname, $account->package_name],
    );
    same([1000, 10, false], [$account->OPT_STORAGE, $account->OPT_EMAIL_BOXES, $account->OPT_SSL]);
});
step('duplicate', function () use ($opening) {
    $detail = fault('createSiteWorxAccount', $opening, 'InvalidInputFault');
    same('INVALID_INPUT', $detail->code);
    same(
        [['master_domain', 'DOMAIN_TAKEN'], ['uniqname', 'UNIX_NAME_TAKEN']],
        array_map(fn ($problem) => [$problem->field, $problem->code], $detail->problems),
    );
});
step('usage', function () use ($which) {
    $usage = call('getUsage', $which);
    same([1000, 10240], [$usage->storage, $usage->bandwidth]);
    same([true, true], [$usage->storage_used >= 0, $usage->bandwidth_used >= 0]);
});
step('suspend', function () use ($which) {
    same('unpaid <3 & more', call('suspendSiteWorxAccount', $which + ['message' => 'unpaid <3 & more'])->inactive_msg);
});
step('suspended', fn () => same('inactive', call('getSiteWorxAccount', $which)->status));
step('unsuspend', function () use ($which) {
    call('unsuspendSiteWorxAccount', $which);
    same('active', call('getSiteWorxAccount', $which)->status);
});
step('package', function () use ($which) {
    call('changeSiteWorxPackage', $which + ['packagetemplate' => 'pro']);
    $account = call('getSiteWorxAccount', $which);
    same(['pro', 5000, 100], [$account->package_name, $account->OPT_STORAGE, $account->OPT_BANDWIDTH]);
    same([10, true], [$account->OPT_SUBDOMAINS, $account->OPT_SSL]);
});
step('password', function () use ($which, $domain) {
    same($domain, call('changeSiteWorxPassword', $which + ['password' => PASSWORD])->master_domain);
});
step('list', function () use ($domain) {
    $found = array_filter(all('listSiteWorxAccounts', 'accounts'), fn ($row) => $row->master_domain === $domain);
    same([[told('UNIXNAME'), 'active']], array_map(fn ($row) => [$row->uniqname, $row->status], array_values($found)));
});
step('reseller-create', function () use (&$reseller) {
    $reseller = call('createReseller', [
        'email' => told('RESELLER'), 'password' => 'Correct-horse7', 'nickname' => 'Reseller',
        'RSL_OPT_STORAGE' => 10000, 'RSL_OPT_BANDWIDTH' => 100, 'RSL_OPT_SITEWORX_ACCOUNTS' => 5,
    ])->reseller_id;
    same(true, is_int($reseller) && $reseller > 1);
});
step('reseller-list', function () {
    [$row] = reseller_rows();
    same([told('RESELLER'), 'Reseller', 'active'], [$row->email, $row->nickname, $row->status]);
});
step('reseller-suspend', function () use (&$reseller) {
    foreach (['inactive', 'active'] as $status) {
        call('editReseller', ['reseller_id' => $reseller, 'status' => $status]);
        same($status, reseller_rows()[0]->status);
    }
});
step('reseller-delete', function () use (&$reseller) {
    call('deleteReseller', ['reseller_id' => $reseller]);
    same([], reseller_rows());
});
step('once', function () use ($opening, $domain) {
    $wanted = ['master_domain' => "once-$domain", 'uniqname' => told('SLOW')] + $opening;
    log_in(told('KEY'), ['dry_run' => true]);
    $detail = fault('createSiteWorxAccount', $wanted, 'DryRunFault');
    same(['DRY_RUN', false], [$detail->code, $detail->retryable]);
    same(true, in_array("once-$domain", array_map(fn ($change) => $change->after, $detail->changes), true));
    $key = ['idempotency_key' => "once-$domain"];
    log_in(told('KEY'), $key + ['wait_seconds' => 0]);
    $detail = fault('createSiteWorxAccount', $wanted, 'PendingFault');
    same(['PENDING', true, true], [$detail->code, $detail->retryable, $detail->job > 0]);
    log_in(told('KEY'), $key);
    $made = call('createSiteWorxAccount', $wanted);
    same(["once-$domain", 'active'], [$made->master_domain, $made->status]);
    same($made->uniqname, call('createSiteWorxAccount', $wanted)->uniqname);
    $detail = fault('createSiteWorxAccount', ['nickname' => 'other'] + $wanted, 'IdempotencyMismatchFault');
    same('IDEMPOTENCY_MISMATCH', $detail->code);
    log_in(told('KEY'));
    call('deleteSiteWorxAccount', ['domain' => "once-$domain"]);
});
step('terminate', fn () => same($domain, call('deleteSiteWorxAccount', $which)->master_domain));
step('gone', function () use ($which) {
    same('ACCOUNT_NOT_FOUND', fault('getSiteWorxAccount', $which, 'AccountNotFoundFault')->code);
});
step('stranger', function () {
    log_in('nonsense');
    same('NOT_AUTHENTICATED', fault('ping', [], 'NotAuthenticatedFault')->code);
});
echo "end\n";
