<?php
// In the manner of SOAP clients of 2009: an envelope pasted together as text, posted by curl as a form's type, parts
// without types, an answer read by the words in it.

require __DIR__ . '/module.php';

function part(string $name, $value): string
{
    if (!is_array($value)) {
        return "<$name>" . htmlspecialchars((string) $value, ENT_XML1) . "</$name>";
    }
    $items = '';
    foreach ($value as $key => $item) {
        $items .= "<item><key>$key</key>" . part('value', $item) . '</item>';
    }
    return "<$name xmlns:x=\"http://xml.apache.org/xml-soap\" xsi:type=\"x:Map\">$items</$name>";
}

function call(array $what): array
{
    global $told, $steps;
    $steps[] = "{$what['controller']} {$what['action']}";
    $parts = part('apikey', $what['key'] ?? $told['key']) . part('ctrl_name', $what['controller']) . part('action', $what['action'])
        . (isset($what['input']) ? part('input', $what['input']) : '');
    $xml = '<?xml version="1.0" encoding="UTF-8"?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"'
        . ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><S:Body><route>' . $parts . '</route></S:Body></S:Envelope>';
    $http = ['method' => 'POST', 'header' => 'Content-Type: application/x-www-form-urlencoded', 'content' => $xml, 'ignore_errors' => true];
    $answer = file_get_contents("{$told['server']}/soap", false, any_certificate(['http' => $http]));
    same('HTTP', '200', explode(' ', $http_response_header[0])[1]);
    preg_match('~<key[^>]*>status</key>\s*<value[^>]*>(\d+)</value>~', $answer, $status);
    preg_match('~<key[^>]*>payload</key>\s*<value[^>]*?(?:/>|>(.*)</value>)~s', $answer, $payload);
    return [(int) $status[1], $payload[1] ?? ''];
}

run(['call' => 'call']);
