'use strict';
// The story by route. `ask` does one call with the four values of route, and gives {status, payload} in plain values.

const { assert, nickname, password, step, told } = require('./story');

const SITEWORX = '/nodeworx/siteworx';
const RESELLER = '/nodeworx/reseller';

module.exports = async function route(ask, more = async () => {}) {
  const { domain } = told;
  const opening = {
    master_domain: domain, uniqname: told.unixname, email: 'me@example.com', nickname, password: 'Correct-horse7',
    confirm_password: 'Correct-horse7', packagetemplate: 'basic',
  };

  async function done(ctrl, action, input = {}) {
    const { status, payload } = await ask(told.key, ctrl, action, input);
    assert.equal(status, 0, payload);
    return payload;
  }
  async function refused(action, input) {
    const { status, payload } = await ask(told.key, SITEWORX, action, input);
    assert.equal(status, 11);
    return payload;
  }
  const details = () => done(SITEWORX, 'querySiteworxAccountDetails', { domain });
  const edit = (changes) => done(SITEWORX, 'edit', { domain, ...changes });
  const resellers = async () => (await done(RESELLER, 'listResellers')).filter((row) => row.reseller_id === reseller);
  let reseller;

  await step('ping', async () => {
    const { version } = await done('/nodeworx/overview', 'listVersion');
    assert.match(version, /^\d+\.\d+/);
  });
  await step('create', async () => {
    assert.equal(await done(SITEWORX, 'add', opening), `Account ${domain} has been created.`);
  });
  await step('details', async () => {
    const got = await details();
    assert.deepEqual(
      [got.domain, got.unixuser, got.status, got.nickname, got.package_name, got.OPT_STORAGE, got.OPT_SSL],
      [domain, told.unixname, 'active', nickname, 'basic', 1000, 0],
    );
    assert.ok(Number.isInteger(got.id));
    assert.equal(got.inactive_msg, '');
  });
  await step('duplicate', async () => {
    const text = await refused('add', opening);
    assert.ok(text.includes('Domain name already exists') && text.includes('Unixname is already in use'), text);
  });
  await step('usage', async () => {
    const [row, ...others] = await done(SITEWORX, 'listBandwidthAndStorageInMB', { domain });
    assert.deepEqual([row.domain, row.storage, row.bandwidth, others.length], [domain, 1000, 10240, 0]);
    assert.ok(row.storage_used >= 0 && row.bandwidth_used >= 0);
  });
  await step('suspend', async () => {
    assert.equal(await edit({ status: '0' }), `Account ${domain} has been changed.`);
  });
  await step('suspended', async () => assert.equal((await details()).status, 'inactive'));
  await step('unsuspend', async () => {
    await edit({ status: '1' });
    assert.equal((await details()).status, 'active');
  });
  await step('package', async () => {
    await edit({ packagetemplate: 'pro' });
    const got = await details();
    assert.deepEqual(
      [got.package_name, got.OPT_STORAGE, got.OPT_BANDWIDTH, got.OPT_SUBDOMAINS, got.OPT_SSL],
      ['pro', 5000, 100, 10, 1],
    );
  });
  await step('password', async () => {
    await edit({ password, confirm_password: password });
  });
  await step('list', async () => {
    const found = (await done(SITEWORX, 'listAccounts')).filter((row) => row.domain === domain);
    assert.deepEqual(found.map((row) => [row.uniqname, row.status]), [[told.unixname, 'active']]);
  });
  await step('reseller-create', async () => {
    const made = await done(RESELLER, 'add', {
      email: told.reseller, nickname: 'Reseller', password: 'Correct-horse7', confirm_password: 'Correct-horse7',
      RSL_OPT_STORAGE: 10000, RSL_OPT_BANDWIDTH: 100, RSL_OPT_SITEWORX_ACCOUNTS: 5,
    });
    reseller = made.reseller_id;
    assert.ok(Number.isInteger(reseller) && reseller > 1);
  });
  await step('reseller-list', async () => {
    const [row] = await resellers();
    assert.deepEqual([row.email, row.nickname, row.status], [told.reseller, 'Reseller', 'active']);
  });
  await step('reseller-suspend', async () => {
    for (const status of ['inactive', 'active']) {
      await done(RESELLER, 'edit', { reseller_id: reseller, status });
      assert.equal((await resellers())[0].status, status);
    }
  });
  await step('reseller-delete', async () => {
    await done(RESELLER, 'delete', { reseller_id: reseller });
    assert.deepEqual(await resellers(), []);
  });
  await more();
  await step('terminate', async () => {
    assert.equal(await done(SITEWORX, 'delete', { domain }), `Account ${domain} has been deleted.`);
  });
  await step('gone', async () => {
    await refused('querySiteworxAccountDetails', { domain });
  });
  await step('stranger', async () => {
    assert.equal((await ask('nonsense', SITEWORX, 'listAccounts', {})).status, 401);
  });
};
