<?php
// One of the crowd: PHP's SoapClient by route, in the version of SOAP that CROWD_SOAP names.

error_reporting(-1);
set_error_handler(function ($level, $text, $file, $line) {
    throw new ErrorException($text, 0, $level, $file, $line);
});

$version = getenv('CROWD_SOAP') === '1.2' ? SOAP_1_2 : SOAP_1_1;
$client = new SoapClient(getenv('CROWD_SOAP_WSDL'), ['soap_version' => $version, 'cache_wsdl' => WSDL_CACHE_NONE]);

function route(string $action, array $input)
{
    global $client;
    $answer = $client->route(getenv('CROWD_KEY'), '/nodeworx/siteworx', $action, $input);
    if ($answer['status'] !== 0) {
        throw new Exception("$action: {$answer['status']} " . json_encode($answer['payload']));
    }
    return $answer['payload'];
}

$name = getenv('CROWD_NAME');
$until = microtime(true) + (float) getenv('CROWD_SECONDS');
for ($round = 0; microtime(true) < $until; $round++) {
    $domain = "$name-$round.com";
    try {
        route('add', ['domainname' => $domain, 'uniqname' => "$name" . "r$round", 'email' => 'me@example.com',
            'password' => 'Correct-horse7', 'confirm_password' => 'Correct-horse7', 'packagetemplate' => 'basic']);
        $told = route('querySiteworxAccountDetails', ['domain' => $domain]);
        if ($round % 4 === 1) {
            route('edit', ['domain' => $domain, 'status' => '0']);
        } elseif ($round % 4 === 2) {
            route('edit', ['domain' => $domain, 'package_template' => 'pro']);
        } elseif ($round % 4 === 3) {
            route('delete', ['domain' => $domain]);
        }
        if ($round % 4 !== 3) {
            $told = route('querySiteworxAccountDetails', ['domain' => $domain]);
        }
        $state = $round % 4 === 3 ? 'parked' : $told['status'];
        echo "told $domain $state {$told['package_name']}\n";
    } catch (Throwable $error) {
        echo 'error ', json_encode($error->getMessage()), "\n";
        break;
    }
}
echo "end\n";
