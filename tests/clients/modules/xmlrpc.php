<?php
// In the manner of XML-RPC clients that were written by hand: four positional parameters, every input a string, the
// answer read by a few lines of text handling. "posted" in a call sends the XML as a form's type, as curl does by itself.

require __DIR__ . '/module.php';

function written($value): string
{
    if (!is_array($value)) {
        return '<value><string>' . htmlspecialchars((string) $value, ENT_XML1) . '</string></value>';
    }
    $members = '';
    foreach ($value as $name => $member) {
        $members .= '<member><name>' . htmlspecialchars($name, ENT_XML1) . '</name>' . written($member) . '</member>';
    }
    return "<value><struct>$members</struct></value>";
}

/** One value out of the pieces of an answer, which are taken from their front. */
function read_value(array &$pieces)
{
    array_shift($pieces); // <value>
    $tag = array_shift($pieces);
    if ($tag === '</value>') {
        return '';
    }
    $value = match ($tag) {
        '<struct>' => read_members($pieces),
        '<array>' => read_items($pieces),
        default => str_starts_with($tag, '<') ? read_scalar($tag, $pieces) : html_entity_decode($tag, ENT_XML1),
    };
    same('the end of a value', '</value>', array_shift($pieces));
    return $value;
}

function read_scalar(string $tag, array &$pieces)
{
    $text = str_starts_with($pieces[0], '</') ? '' : html_entity_decode(array_shift($pieces), ENT_XML1 | ENT_QUOTES);
    array_shift($pieces);
    return match ($tag) {
        '<int>', '<i4>' => (int) $text,
        '<boolean>' => $text === '1',
        '<string>' => $text,
    };
}

function read_members(array &$pieces): array
{
    $members = [];
    while (array_shift($pieces) === '<member>') {
        [, $name] = array_splice($pieces, 0, 3);
        $members[$name] = read_value($pieces);
        array_shift($pieces);
    }
    return $members;
}

function read_items(array &$pieces): array
{
    $items = [];
    if (array_shift($pieces) === '<data>') {
        while ($pieces[0] === '<value>') {
            $items[] = read_value($pieces);
        }
        array_shift($pieces);
    }
    array_shift($pieces);
    return $items;
}

/** Tags and texts. Blanks between tags go, and <a/> becomes <a></a>. */
function pieces(string $xml): array
{
    $xml = preg_replace('~<(\w+)\s*/>~', '<$1></$1>', preg_replace('~<\?.*?\?>~', '', $xml));
    return preg_split('~(</?[\w.]+>)\s*~', trim($xml), -1, PREG_SPLIT_DELIM_CAPTURE | PREG_SPLIT_NO_EMPTY);
}

function posted(string $path, string $xml, string $type): string
{
    global $told;
    $http = ['method' => 'POST', 'header' => "Content-Type: $type\r\nConnection: close", 'content' => $xml, 'ignore_errors' => true];
    $answer = file_get_contents($told['server'] . $path, false, any_certificate(['http' => $http]));
    same('HTTP', '200', explode(' ', $http_response_header[0])[1]);
    return $answer;
}

function call(array $what): array
{
    global $told, $steps;
    $steps[] = "{$what['controller']} {$what['action']}";
    $params = [$what['key'] ?? $told['key'], $what['controller'], $what['action'], $what['input'] ?? []];
    $params = implode('', array_map(fn ($param) => '<param>' . written($param) . '</param>', $params));
    $xml = "<?xml version=\"1.0\"?>\n<methodCall><methodName>iworx.route</methodName><params>$params</params></methodCall>";
    $type = $what['posted'] ?? false ? 'application/x-www-form-urlencoded' : 'text/xml';
    $pieces = pieces(posted('/xmlrpc', $xml, $type));
    same('no fault', ['<methodResponse>', '<params>', '<param>'], array_splice($pieces, 0, 3));
    return read_value($pieces);
}

/** Log in once, and give the session with every call; with a domain, to act inside that account. */
function by_session(array $what): array
{
    $session = call(['controller' => '/nodeworx/index', 'action' => 'getSession'])['payload'];
    $domain = isset($what['domain']) ? ['domain' => $what['domain']] : [];
    return call(['key' => ['sessionid' => $session] + $domain] + $what);
}

run(['call' => 'call', 'by session' => 'by_session']);
