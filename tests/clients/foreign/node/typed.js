'use strict';
// The story by the typed WSDL. `call` does an operation and gives its result; `fault` gives the name and the
// members of the fault that an operation must end with. `how` sets the options of further calls.

const { assert, nickname, password, step, told } = require('./story');

module.exports = async function typed(call, fault, how) {
  const { domain } = told;
  const opening = {
    master_domain: domain, uniqname: told.unixname, email: 'me@example.com', password: 'Correct-horse7', nickname,
    packagetemplate: 'basic',
  };
  const status = async () => (await call('getSiteWorxAccount', { domain })).status;
  let reseller;

  // The rows of all pages; one without any row is nothing at all to both libraries.
  async function all(operation, member) {
    const rows = [];
    let after;
    do {
      const page = (await call(operation, after === undefined ? { limit: 1 } : { after, limit: 1 })) ?? {};
      rows.push(...(page[member] ?? []));
      after = page.next;
    } while (after !== undefined);
    return rows;
  }
  async function resellers() {
    return (await all('listResellers', 'resellers')).filter((row) => row.reseller_id === reseller);
  }

  await step('ping', async () => {
    const pong = await call('ping', {});
    assert.deepEqual([pong.email, pong.master, pong.scopes, pong.nodeworx_id], ['admin@example.com', true, ['all'], 1]);
    assert.ok(Math.abs(new Date(pong.time) - Date.now()) < 60000);
  });
  await step('create', async () => {
    const account = await call('createSiteWorxAccount', opening);
    assert.deepEqual([account.master_domain, account.status, account.OPT_STORAGE], [domain, 'active', 1000]);
  });
  await step('details', async () => {
    const account = await call('getSiteWorxAccount', { domain });
    assert.deepEqual(
      [account.master_domain, account.uniqname, account.status, account.nickname, account.package_name],
      [domain, told.unixname, 'active', nickname, 'basic'],
    );
    assert.deepEqual([account.OPT_STORAGE, account.OPT_EMAIL_BOXES, account.OPT_SSL], [1000, 10, false]);
  });
  await step('duplicate', async () => {
    const [name, detail] = await fault('createSiteWorxAccount', opening);
    assert.equal(name, 'InvalidInputFault');
    assert.equal(detail.code, 'INVALID_INPUT');
    assert.deepEqual(
      detail.problems.map((problem) => [problem.field, problem.code]),
      [['master_domain', 'DOMAIN_TAKEN'], ['uniqname', 'UNIX_NAME_TAKEN']],
    );
  });
  await step('usage', async () => {
    const usage = await call('getUsage', { domain });
    assert.deepEqual([usage.storage, usage.bandwidth], [1000, 10240]);
    assert.ok(usage.storage_used >= 0 && usage.bandwidth_used >= 0 && usage.storage_bytes >= 0);
  });
  await step('suspend', async () => {
    const account = await call('suspendSiteWorxAccount', { domain, message: 'unpaid <3 & more' });
    assert.equal(account.inactive_msg, 'unpaid <3 & more');
  });
  await step('suspended', async () => assert.equal(await status(), 'inactive'));
  await step('unsuspend', async () => {
    await call('unsuspendSiteWorxAccount', { domain });
    assert.equal(await status(), 'active');
  });
  await step('package', async () => {
    await call('changeSiteWorxPackage', { domain, packagetemplate: 'pro' });
    const account = await call('getSiteWorxAccount', { domain });
    assert.deepEqual(
      [account.package_name, account.OPT_STORAGE, account.OPT_BANDWIDTH, account.OPT_SUBDOMAINS, account.OPT_SSL],
      ['pro', 5000, 100, 10, true],
    );
  });
  await step('password', async () => {
    assert.equal((await call('changeSiteWorxPassword', { domain, password })).master_domain, domain);
  });
  await step('list', async () => {
    const rows = await all('listSiteWorxAccounts', 'accounts');
    const found = rows.filter((row) => row.master_domain === domain);
    assert.deepEqual(found.map((row) => [row.uniqname, row.status]), [[told.unixname, 'active']]);
  });

  await step('reseller-create', async () => {
    const made = await call('createReseller', {
      email: told.reseller, password: 'Correct-horse7', nickname: 'Reseller', RSL_OPT_STORAGE: 10000,
      RSL_OPT_BANDWIDTH: 100, RSL_OPT_SITEWORX_ACCOUNTS: 5,
    });
    reseller = made.reseller_id;
    assert.ok(Number.isInteger(reseller) && reseller > 1);
  });
  await step('reseller-list', async () => {
    const [row] = await resellers();
    assert.deepEqual([row.email, row.nickname, row.status], [told.reseller, 'Reseller', 'active']);
  });
  await step('reseller-suspend', async () => {
    for (const wanted of ['inactive', 'active']) {
      await call('editReseller', { reseller_id: reseller, status: wanted });
      assert.equal((await resellers())[0].status, wanted);
    }
  });
  await step('reseller-delete', async () => {
    await call('deleteReseller', { reseller_id: reseller });
    assert.deepEqual(await resellers(), []);
  });
  await step('once', async () => {
    const wanted = { ...opening, master_domain: `once-${domain}`, uniqname: told.slow };
    await how({ dry_run: true });
    let [name, detail] = await fault('createSiteWorxAccount', wanted);
    assert.deepEqual([name, detail.code], ['DryRunFault', 'DRY_RUN']);
    assert.ok([].concat(detail.changes).some((change) => change.after === wanted.master_domain));
    const key = { idempotency_key: `once-${domain}` };
    await how({ ...key, wait_seconds: 0 });
    [name, detail] = await fault('createSiteWorxAccount', wanted);
    assert.deepEqual([name, detail.code], ['PendingFault', 'PENDING']);
    assert.ok(detail.job > 0);
    await how(key);
    const made = await call('createSiteWorxAccount', wanted);
    assert.deepEqual([made.master_domain, made.status], [wanted.master_domain, 'active']);
    assert.equal((await call('createSiteWorxAccount', wanted)).uniqname, made.uniqname);
    [name, detail] = await fault('createSiteWorxAccount', { ...wanted, nickname: 'other' });
    assert.deepEqual([name, detail.code], ['IdempotencyMismatchFault', 'IDEMPOTENCY_MISMATCH']);
    await how({});
    await call('deleteSiteWorxAccount', { domain: wanted.master_domain });
  });
  await step('terminate', async () => {
    assert.equal((await call('deleteSiteWorxAccount', { domain })).master_domain, domain);
  });
  await step('gone', async () => {
    const [name, detail] = await fault('getSiteWorxAccount', { domain });
    assert.deepEqual([name, detail.code], ['AccountNotFoundFault', 'ACCOUNT_NOT_FOUND']);
  });
  await step('stranger', async () => {
    const [name, detail] = await fault('ping', {}, 'nonsense');
    assert.deepEqual([name, detail.code], ['NotAuthenticatedFault', 'NOT_AUTHENTICATED']);
  });
};
