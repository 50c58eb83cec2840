<?php
// What PHP's SoapClient makes of answers: [{"version", "wsdl" (null for none), "answer"}] in, base64 within; out,
// for each, its value with every type named, and PHP's own dump of it on one line.

class Client extends SoapClient
{
    public string $answer;

    function __doRequest($request, $location, $action, $version, $oneWay = false): ?string
    {
        return $this->answer;
    }
}

function named($value)
{
    if (is_array($value) || is_object($value)) {
        $members = [];
        foreach ((array) $value as $key => $member) {
            $members[] = [$key, named($member)];
        }
        return [gettype($value), $members];
    }
    return [gettype($value), is_float($value) ? bin2hex(pack('E', $value)) : $value];
}

function dumped($value)
{
    ob_start();
    var_dump($value);
    return trim(preg_replace(['/#\d+ /', '/\s+/'], [' ', ' '], ob_get_clean()));
}

function decoded($row)
{
    $options = ['soap_version' => $row['version'] === '1.2' ? SOAP_1_2 : SOAP_1_1, 'cache_wsdl' => WSDL_CACHE_NONE];
    if ($row['wsdl'] === null) {
        $client = new Client(null, $options + ['location' => 'http://localhost/', 'uri' => 'urn:iworx']);
    } else {
        $client = new Client('data:text/xml;base64,' . $row['wsdl'], $options);
    }
    $client->answer = base64_decode($row['answer']);
    try {
        $value = $client->route('key', '/c', 'a', []);
        return ['value' => named($value), 'dump' => dumped($value)];
    } catch (SoapFault $fault) {
        return ['value' => ['fault', $fault->faultcode, $fault->faultstring, named($fault->detail ?? null)]];
    }
}

ini_set('memory_limit', '1G');
$rows = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
echo json_encode(array_map('decoded', $rows), JSON_THROW_ON_ERROR);
