<?php
// In the manner of the applibs client: SOAP 1.2 at /soap on any certificate, a connection for each call, the key as a
// string for NodeWorx and with the domain for SiteWorx. Rows become maps, whether they were maps or objects.

require __DIR__ . '/module.php';

function connected(): SoapClient
{
    $https = ['https' => ['header' => ['User-Agent: PHP-SOAP/7.3.14', 'Connection: close']]];
    return client('/soap', [
        'soap_version' => SOAP_1_2, 'encoding' => 'UTF-8', 'trace' => true, 'exceptions' => true, 'keep_alive' => false,
        'connection_timeout' => 600, 'stream_context' => any_certificate($https),
    ]);
}

/** The payload, or ["error", a text]. */
function call(string $controller, string $action, array $input = [], ?string $domain = null)
{
    global $told, $steps;
    static $client;
    $client ??= connected();
    $key = $domain === null ? $told['key'] : ['apikey' => $told['key'], 'domain' => $domain];
    $steps[] = "$controller $action";
    $answer = $client->__soapCall('route', [$key, $controller, $action, $input]);
    $status = (int) $answer['status'];
    $payload = $answer['payload'];
    if ($status === 401) {
        return ['error', 'Failed to authenticate.'];
    }
    if ($status !== 0) {
        return ['error', is_string($payload) && $payload !== '' ? $payload : 'The result is empty.'];
    }
    return is_array($payload) ? array_map(fn ($row) => is_object($row) ? (array) $row : $row, $payload) : $payload;
}

/** Read or change something inside an account. */
function inside(array $what)
{
    return call("/siteworx/{$what['controller']}", $what['action'], $what['input'] ?? [], $what['domain']);
}

function add(array $service)
{
    return call('/nodeworx/siteworx', 'add', [
        'master_domain' => $service['domain'], 'master_domain_ipv4' => call('/nodeworx/siteworx', 'listSharedFreeIps')[0][0],
        'email' => $service['email'], 'password' => $service['password'], 'confirm_password' => $service['password'],
        'packagetemplate' => $service['package'], 'uniqname' => $service['username'], 'nickname' => $service['username'],
        'language' => 'en-us', 'theme' => 'calliope', 'menu_style' => 'big', 'billing_day' => 0, 'database_server' => 'localhost',
    ]);
}

run([
    'add' => 'add',
    'nodeworx' => fn ($what) => call("/nodeworx/{$what['controller']}", $what['action'], $what['input'] ?? []),
    'siteworx' => 'inside',
    'has key' => fn () => is_string($text = call('/nodeworx/apikey', 'listApikey')) && str_contains($text, 'INTERWORX API KEY'),
]);
