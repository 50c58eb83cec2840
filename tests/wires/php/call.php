<?php
// The requests that PHP's SoapClient sends: [{"version", "wsdl" (null for none), "arguments"}] in; out, for each,
// its bytes in base64. A Map of {"same": X} stands for one object, used twice.

class Client extends SoapClient
{
    public string $request;

    function __doRequest($request, $location, $action, $version, $oneWay = false): ?string
    {
        $this->request = $request;
        return '';
    }
}

function shared($value)
{
    if (!is_array($value)) {
        return $value;
    }
    if (array_keys($value) === ['same']) {
        $object = (object) $value['same'];
        return [$object, $object];
    }
    return array_map('shared', $value);
}

function sent($row)
{
    $options = ['soap_version' => $row['version'] === '1.2' ? SOAP_1_2 : SOAP_1_1, 'cache_wsdl' => WSDL_CACHE_NONE];
    if ($row['wsdl'] === null) {
        $client = new Client(null, $options + ['location' => 'http://localhost/', 'uri' => 'urn:anything']);
    } else {
        $client = new Client('data:text/xml;base64,' . $row['wsdl'], $options);
    }
    try {
        $client->__soapCall('route', array_map('shared', $row['arguments']));
    } catch (SoapFault) {
        // Nobody answers.
    }
    return base64_encode($client->request);
}

$rows = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
echo json_encode(array_map('sent', $rows), JSON_THROW_ON_ERROR);
