<?php
// What the modules share. {"server", "key", "function", "params"} come in. One function is run, as the billing system
// runs it; {"result", "steps", "wrong"} go out. The steps are the calls that were made, and what was checked.

require __DIR__ . '/../php/story.php';

/** The client of a WSDL of the server. Each module asks for it in its own way. */
function client(string $path, array $options = []): SoapClient
{
    global $told;
    return soap("{$told['server']}$path?wsdl", $options);
}

/** A stream context for servers with a certificate that nobody has signed. */
function any_certificate(array $more = [])
{
    return stream_context_create(['ssl' => ['verify_peer' => false, 'verify_peer_name' => false]] + $more);
}

/** One call. It has as many parts as the module gives: some leave an empty input away. */
function ask(SoapClient $client, $key, string $controller, string $action, array ...$input): array
{
    global $steps;
    $steps[] = "$controller $action";
    return $client->route($key, $controller, $action, ...$input);
}

/** The members of a map that have these names, in this order. */
function picked(array $map, string ...$names): array
{
    return array_map(fn ($name) => $map[$name], $names);
}

function run(array $functions): void
{
    global $told, $steps, $wrong;
    $result = $functions[$told['function']]($told['params']);
    echo json_encode(['result' => $result, 'steps' => $steps, 'wrong' => $wrong], JSON_THROW_ON_ERROR);
}
