<?php
// The administrator's key by the admin service. {"wsdl", "location", "email", "secret", "billing", "typed"} come in.

require __DIR__ . '/story.php';

$admin = soap($told['wsdl'], ['location' => $told['location'], 'features' => SOAP_SINGLE_ELEMENT_ARRAYS]);
$admin->__setSoapHeaders(
    new SoapHeader('urn:iwapi:admin:1', 'Auth', ['email' => $told['email'], 'password' => $told['secret']])
);

/** Who the server says a key is, or the name of the fault. */
function caller(string $key): string
{
    global $told;
    $client = soap($told['billing'], ['location' => $told['typed']]);
    $client->__setSoapHeaders(new SoapHeader('urn:iwapi:billing:1', 'Auth', ['apikey' => $key]));
    try {
        return $client->ping()->result->caller;
    } catch (SoapFault $fault) {
        return array_key_first((array) $fault->detail);
    }
}

$first = $admin->generateApiKey()->result;
same('generate', 'New Remote Access Key Generated.', $first->message);
same('the key works', "key:$first->key_id", caller($first->apikey));
same('without its lines', "key:$first->key_id", caller(explode("\n", $first->apikey)[1]));
$second = $admin->generateApiKey()->result;
same('generate again', ['NotAuthenticatedFault', "key:$second->key_id"], [caller($first->apikey), caller($second->apikey)]);
$shown = $admin->getApiKey()->result->key;
same('get', [$second->key_id, true, true], [$shown->key_id, $shown->active, $shown->classic]);
same('get never tells the key', false, str_contains(json_encode($shown), explode("\n", $second->apikey)[1]));
$all = $admin->listApiKeys()->result->keys;
same('list', [$second->key_id, true, false], [$all[0]->key_id, $all[0]->active, $all[1]->active]);
same('delete', 'API key successfully deleted.', $admin->deleteApiKey()->result->message);
same('the key is dead', 'NotAuthenticatedFault', caller($second->apikey));
same('nothing to delete', 'API key not set.', $admin->deleteApiKey()->result->message);
same('nothing to get', 'API key not set.', $admin->getApiKey()->result->message);

end_of_story();
