'use strict';
// npm's `soap` on the typed WSDL.

const soap = require('soap');
const { run, told } = require('./story');
const typed = require('./typed');

let options = {};

async function client(key) {
  const made = await soap.createClientAsync(told.wsdl);
  made.addSoapHeader({ 'tns:Auth': { 'tns:apikey': key } });
  const members = Object.entries(options).map(([name, value]) => [`tns:${name}`, value]);
  if (members.length) made.addSoapHeader({ 'tns:Options': Object.fromEntries(members) });
  return made;
}

run('soap', async () => {
  let ours = await client(told.key);
  const call = async (operation, inputs, by = ours) => (await by[`${operation}Async`](inputs))[0].result;

  async function fault(operation, inputs, key = told.key) {
    try {
      await call(operation, inputs, await client(key));
    } catch (error) {
      if (!error.root) throw error;
      const [[name, detail]] = Object.entries(error.root.Envelope.Body.Fault.detail);
      return [name, { ...detail, problems: [].concat(detail.problems ?? []) }];
    }
    throw new Error(`${operation}: no fault`);
  }
  async function how(given) {
    options = given;
    ours = await client(told.key);
  }
  await typed(call, fault, how);
});
