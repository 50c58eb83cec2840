<?php
// What the stories share: the checks, and a visitor. At the end it prints {"steps": [...], "wrong": [...]}.

error_reporting(-1);
set_error_handler(function ($level, $text, $file, $line) {
    throw new ErrorException($text, 0, $level, $file, $line);
});

$told = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
$steps = [];
$wrong = [];

function same(string $step, $expected, $got): void
{
    global $steps, $wrong;
    $steps[] = $step;
    if ($expected !== $got) {
        $wrong[] = [$step, var_export($expected, true), var_export($got, true)];
    }
}

function holds(string $step, string $text, ...$parts): void
{
    foreach ($parts as $part) {
        same("$step: $part", true, str_contains($text, $part) ?: $text);
    }
}

/** The members of a map in alphabetical order: PHP's === looks at the order too. */
function sorted(array $map): array
{
    ksort($map);
    return $map;
}

/** The status and the body that a visitor of a site gets. */
function visit(string $domain): array
{
    global $told;
    $context = stream_context_create(['http' => ['header' => "Host: $domain", 'ignore_errors' => true]]);
    $body = file_get_contents($told['site'], false, $context);
    return [(int) explode(' ', $http_response_header[0])[1], $body];
}

function soap(?string $wsdl, array $options = []): SoapClient
{
    return new SoapClient($wsdl, $options + ['cache_wsdl' => WSDL_CACHE_NONE]);
}

function end_of_story(): void
{
    global $steps, $wrong;
    echo json_encode(['steps' => $steps, 'wrong' => $wrong], JSON_THROW_ON_ERROR);
}
