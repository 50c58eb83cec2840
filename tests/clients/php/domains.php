<?php
// Domains and records inside an account, read as PHP programs read them. {"wsdl", "key", "domain", "web"} come in.

require __DIR__ . '/story.php';

$client = soap($told['wsdl']);

function inside(string $ctrl, string $action, array $input = [])
{
    global $client, $told;
    $answer = $client->route(['apikey' => $told['key'], 'domain' => $told['domain']], "/siteworx/$ctrl", $action, $input);
    same("$ctrl $action", 0, $answer['status']);
    return $answer['payload'];
}

// Nothing yet: a list without rows is an empty array
foreach (['sub' => 'listSubdomains', 'slave' => 'listSecondaryDomains', 'pointer' => 'listPointerDomains'] as $kind => $list) {
    same("no $kind", [], inside("domains/$kind", $list));
}

// Rows are objects
inside('domains/sub', 'add', ['prefix' => 'blog']);
[$row] = inside('domains/sub', 'listSubdomains');
same('a subdomain', ['blog', 'blog.php.example'], [$row->prefix, $row->domain]);
inside('domains/slave', 'add', ['domain' => 'second-php.example']);
[$row] = inside('domains/slave', 'listSecondaryDomains');
same('a secondary domain', ['second-php.example', $told['web']], [$row->domain, $row->ipv4]);
inside('domains/pointer', 'add', ['domain' => 'old-php.example', 'points_to' => '', 'create_mail_alias' => 1]);
[$row] = inside('domains/pointer', 'list');
same('a pointer', ['old-php.example', 'php.example', 'redirect_301'], [$row->domain, $row->points_to, $row->redir_type]);

// A program that keeps an address up to date
foreach (inside('dns', 'listZones') as $zone) {
    $zones[$zone->domain] = $zone->zone_id;
}
same('every domain has a zone', ['php.example', 'second-php.example', 'old-php.example'], array_keys($zones));
same('ids are integers', true, is_int($zones['php.example']));
inside('dns', 'addA', ['zone_id' => $zones['php.example'], 'host' => 'home', 'ipaddress' => '192.0.2.1', 'ttl' => 60]);
foreach (inside('dns', 'queryDnsRecords', ['zone_id' => $zones['php.example'], 'uni' => 1]) as $record) {
    if ($record->type === 'A' && $record->host === 'home.php.example') {
        $found = $record;
    }
    if ($record->type === 'MX') {
        same('a preference is an integer', 10, $record->preference);
    }
}
same('the record', ['192.0.2.1', 60, $zones['php.example']], [$found->target, $found->ttl, $found->zone_id]);
same('a record has what its type has', false, isset($found->preference));
$form = inside('dns', 'queryEditA', ['record_id' => $found->record_id]);
same('a form', ['host' => 'home.php.example', 'ipaddress' => '192.0.2.1', 'ttl' => 60], sorted($form));
inside('dns', 'editA', ['record_id' => $found->record_id, 'ipaddress' => '192.0.2.2'] + $form);
same('the form, sent back', '192.0.2.2', inside('dns', 'queryEditA', ['record_id' => $found->record_id])['ipaddress']);
same('deleted', 'The A record of home.php.example has been deleted.', inside('dns', 'delete', ['record_id' => [$found->record_id]]));

end_of_story();
