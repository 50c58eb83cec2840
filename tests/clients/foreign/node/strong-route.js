'use strict';
// npm's `strong-soap` on the WSDL of route. It writes no type of an anyType by itself, so every value names its own.

const { soap } = require('strong-soap');
const decoder = require('./phpvalues');
const route = require('./route');
const { run, told } = require('./story');

const typed = (type, xmlns, rest) => ({ $attributes: { $xsiType: { type, xmlns } }, ...rest });
const XSD = 'http://www.w3.org/2001/XMLSchema';

function encoded(value) {
  if (typeof value === 'number') return typed('int', XSD, { $value: value });
  if (typeof value === 'string') return typed('string', XSD, { $value: value });
  const item = Object.entries(value).map(([key, member]) => ({ key: encoded(key), value: encoded(member) }));
  return typed('Map', 'http://xml.apache.org/xml-soap', { item });
}

const decoded = decoder((attributes) => attributes.$xsiType.type);

run('strong-soap', async () => {
  const client = await new Promise((resolve, reject) => {
    soap.createClient(told.wsdl, {}, (error, made) => (error ? reject(error) : resolve(made)));
  });
  await route(async (apikey, ctrl_name, action, input) => {
    const { result } = await client.route({ apikey: encoded(apikey), ctrl_name, action, input: encoded(input) });
    return decoded(result.return);
  });
});
