'use strict';
// npm's `soap` on the WSDL of route. It writes no type by itself, so every value names its own.

const soap = require('soap');
const decoder = require('./phpvalues');
const route = require('./route');
const { run, told } = require('./story');

const types = { 'xmlns:xsd': 'http://www.w3.org/2001/XMLSchema', 'xmlns:apache': 'http://xml.apache.org/xml-soap' };
const typed = (type, rest) => ({ attributes: { 'xsi:type': type, ...types }, ...rest });

function encoded(value) {
  if (typeof value === 'number') return typed('xsd:int', { $value: value });
  if (typeof value === 'string') return typed('xsd:string', { $value: value });
  const item = Object.entries(value).map(([key, member]) => ({ key: encoded(key), value: encoded(member) }));
  return typed('apache:Map', { item });
}

const decoded = decoder((attributes) => attributes['xsi:type'].split(':').pop());

run('soap', async () => {
  const client = await soap.createClientAsync(told.wsdl);
  await route(async (apikey, ctrl_name, action, input) => {
    const [answer] = await client.routeAsync({ apikey: encoded(apikey), ctrl_name, action, input: encoded(input) });
    return decoded(answer.return);
  });
});
