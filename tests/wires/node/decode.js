'use strict';
// What npm's xmlrpc makes of answers: ["base64", ...] in, out for each its value with every type named. The
// folder that holds node_modules is the one argument.

const path = require('path');
const { Readable } = require('stream');
const Deserializer = require(path.join(process.argv[2], 'node_modules/xmlrpc/lib/deserializer.js'));

function named(value) {
  if (Array.isArray(value)) {
    return ['array', value.map(named)];
  }
  if (value instanceof Date) {
    return ['moment', value.toISOString()];
  }
  if (value !== null && typeof value === 'object') {
    return ['struct', Object.keys(value).sort().map((name) => [name, named(value[name])])];
  }
  return [typeof value, value];
}

function decoded(answer) {
  return new Promise((resolve) => {
    new Deserializer().deserializeMethodResponse(Readable.from([Buffer.from(answer, 'base64')]), (error, value) => {
      resolve(error ? ['fault', error.faultCode, error.faultString] : named(value));
    });
  });
}

let text = '';
process.stdin.on('data', (data) => { text += data; });
process.stdin.on('end', async () => {
  const answers = [];
  for (const answer of JSON.parse(text)) {
    answers.push(await decoded(answer));
  }
  console.log(JSON.stringify(answers));
});
