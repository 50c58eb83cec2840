'use strict';
// npm's `soap` on the typed WSDL.

const soap = require('soap');
const { run, told } = require('./story');
const typed = require('./typed');

async function client(key) {
  const made = await soap.createClientAsync(told.wsdl);
  made.addSoapHeader({ 'tns:Auth': { 'tns:apikey': key } });
  return made;
}

run('soap', async () => {
  const ours = await client(told.key);
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
  await typed(call, fault);
});
