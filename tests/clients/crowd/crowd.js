// Some of the crowd: node's xmlrpc by iwapi.* operations, CROWD_CLIENTS of them in one process.
const xmlrpc = require('xmlrpc');

const target = new URL(process.env.CROWD_XMLRPC);
const key = process.env.CROWD_KEY;

function caller() {
  const client = xmlrpc.createClient({ host: target.hostname, port: Number(target.port), path: target.pathname });
  return (operation, inputs) => new Promise((resolve, reject) => {
    client.methodCall(`iwapi.${operation}`, [key, inputs], (error, value) => (error ? reject(error) : resolve(value)));
  });
}

async function one(name, ends) {
  const call = caller();
  for (let round = 0; Date.now() < ends; round += 1) {
    const domain = `${name}-${round}.com`;
    let told = await call('createSiteWorxAccount', {
      master_domain: domain, uniqname: `${name}r${round}`, email: 'me@example.com', password: 'Correct-horse7',
      packagetemplate: 'basic',
    });
    if (told.status !== 'active') throw new Error(`${domain}: ${told.status}`);
    if (round % 4 === 1) await call('suspendSiteWorxAccount', { domain, message: 'unpaid' });
    if (round % 4 === 2) await call('changeSiteWorxPackage', { domain, packagetemplate: 'pro' });
    if (round % 4 === 3) await call('deleteSiteWorxAccount', { domain });
    if (round % 4 !== 3) told = await call('getSiteWorxAccount', { domain });
    console.log(`told ${domain} ${round % 4 === 3 ? 'parked' : told.status} ${told.package_name}`);
  }
}

const ends = Date.now() + 1000 * Number(process.env.CROWD_SECONDS);
const names = Array.from({ length: Number(process.env.CROWD_CLIENTS) }, (_, at) => `${process.env.CROWD_NAME}x${at}`);
Promise.all(names.map((name) => one(name, ends)
  .catch((error) => console.log(`error ${JSON.stringify(error.message)}`))))
  .then(() => console.log('end'));
