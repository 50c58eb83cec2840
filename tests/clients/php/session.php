<?php
/* A module that begins a session with its key, calls with it, and sends a customer to the page. */
$told = json_decode(stream_get_contents(STDIN), true);
$client = new SoapClient($told['wsdl'], ['cache_wsdl' => WSDL_CACHE_NONE]);
$inside = ['apikey' => $told['key'], 'domain' => 'example.com'];
$begun = $client->route($told['key'], '/nodeworx/index', 'getSession', []);
$site = $client->route($inside, 'siteworx/index', 'getSession', ['client_ip' => '127.0.0.1']);
$first = ['sessionid' => $begun['payload']];
$details = $client->route($first, '/nodeworx/siteworx', 'querySiteworxAccountDetails', ['domain' => 'example.com']);
$renewed = $client->route($first, '/nodeworx/index', 'getSession', null);
$both = $first + ['domain' => 'example.com'];
$domains = $client->route($both, '/nodeworx/siteworx', 'querySiteworxAccountDetails', ['domain' => 'example.com']);
$guess = $client->route(['sessionid' => str_repeat('0', 32)], '/nodeworx/index', 'getSession', []);
$link = $client->route($told['key'], '/nodeworx/siteworx', 'siteworxLogin', ['login_domain' => 'example.com']);
echo json_encode(compact('begun', 'site', 'details', 'renewed', 'domains', 'guess', 'link'));
