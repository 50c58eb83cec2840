'use strict';
// npm's `xmlrpc`: the story by iworx.route, and the same service by its typed names.

const xmlrpc = require('xmlrpc');
const route = require('./route');
const { assert, nickname, run, step, told } = require('./story');

const client = xmlrpc.createClient({ url: told.url });

function call(method, ...parameters) {
  return new Promise((resolve, reject) => {
    client.methodCall(method, parameters, (error, answer) => (error ? reject(error) : resolve(answer)));
  });
}

async function typed() {
  const pong = await call('iwapi.ping', told.key);
  assert.deepEqual([pong.email, pong.master, pong.scopes, pong.nodeworx_id], ['admin@example.com', true, ['all'], 1]);
  const account = await call('iwapi.getSiteWorxAccount', told.key, { domain: told.domain });
  assert.deepEqual(
    [account.nickname, account.package_name, account.OPT_STORAGE, account.OPT_SSL],
    [nickname, 'pro', 5000, true],
  );
  await assert.rejects(
    call('iwapi.getSiteWorxAccount', told.key, { domain: `no-${told.domain}` }),
    { faultCode: 3001 },
  );
}

run('xmlrpc', () => route(
  (...parameters) => call('iworx.route', ...parameters),
  () => step('typed', typed),
));
