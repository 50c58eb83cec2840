<?php
// What the stories share: a step prints whether it came true, the last line says that the program ran to its end.

error_reporting(-1);
set_error_handler(function ($level, $text, $file, $line) {
    throw new ErrorException($text, 0, $level, $file, $line);
});

const NICKNAME = 'Müller & <Söhne>';
const PASSWORD = 'Ünï-☃ horse 8';

function told(string $name): string
{
    return getenv("IWAPI_$name");
}

function step(string $name, callable $does): void
{
    try {
        $does();
        echo "ok $name\n";
    } catch (Throwable $error) {
        echo "wrong $name: ", preg_replace('/\s*\n\s*/', ' | ', $error), "\n";
    }
}

function same($expected, $got): void
{
    if ($expected !== $got) {
        throw new UnexpectedValueException(var_export($expected, true) . ' is not ' . var_export($got, true));
    }
}

function holds(string $part, string $text): void
{
    same(true, str_contains($text, $part) ?: $text);
}

function soap(?string $wsdl, string $version, array $options = []): SoapClient
{
    return new SoapClient($wsdl, $options + [
        'cache_wsdl' => WSDL_CACHE_NONE,
        'soap_version' => $version === '1.2' ? SOAP_1_2 : SOAP_1_1,
    ]);
}
