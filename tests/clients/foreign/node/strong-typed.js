'use strict';
// npm's `strong-soap` on the typed WSDL.

const { soap, QName } = require('strong-soap');
const { run, told } = require('./story');
const typed = require('./typed');

let options = {};

function client(key) {
  return new Promise((resolve, reject) => {
    soap.createClient(told.wsdl, {}, (error, made) => {
      if (error) return reject(error);
      made.addSoapHeader({ apikey: key }, new QName('urn:iwapi:billing:1', 'Auth'));
      if (Object.keys(options).length) made.addSoapHeader(options, new QName('urn:iwapi:billing:1', 'Options'));
      return resolve(made);
    });
  });
}

run('strong-soap', async () => {
  let ours = await client(told.key);
  const call = async (operation, inputs, by = ours) => (await by[operation](inputs)).result.result;

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
