<?php
// Reads {wsdl, version, calls: [{operation, arguments, answer}]} and prints, for each call, the request that
// PHP's SoapClient made and what it made of the answer: {request, value} or {request, fault}.

class Canned extends SoapClient
{
    public string $answer = '';
    public string $request = '';

    public function __doRequest($request, $location, $action, $version, $oneWay = false): ?string
    {
        $this->request = $request;
        return $this->answer;
    }
}

$input = json_decode(stream_get_contents(STDIN), true);
$client = new Canned($input['wsdl'], [
    'cache_wsdl' => WSDL_CACHE_NONE,
    'soap_version' => $input['version'] === '1.2' ? SOAP_1_2 : SOAP_1_1,
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
]);
$client->__setSoapHeaders(new SoapHeader('urn:iwapi:billing:1', 'Auth', ['apikey' => 'the key']));
$results = [];
foreach ($input['calls'] as $call) {
    $client->answer = base64_decode($call['answer']);
    try {
        $result = ['value' => $client->{$call['operation']}($call['arguments'])];
    } catch (SoapFault $fault) {
        $result = ['fault' => ['code' => $fault->faultcode, 'text' => $fault->faultstring, 'detail' => $fault->detail ?? null]];
    }
    $results[] = $result + ['request' => base64_encode($client->request)];
}
echo json_encode($results, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_PRESERVE_ZERO_FRACTION);
