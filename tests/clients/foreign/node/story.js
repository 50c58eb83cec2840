'use strict';
// What the stories share: a step prints whether it came true, the last line says that the program ran to its end.

const assert = require('node:assert/strict');

const names = ['url', 'wsdl', 'key', 'domain', 'unixname', 'reseller', 'slow'];
const told = Object.fromEntries(names.map((name) => [name, process.env[`IWAPI_${name.toUpperCase()}`]]));

const nickname = 'Müller & <Söhne>';
const password = 'Ünï-☃ horse 8';

async function step(name, does) {
  try {
    await does();
    console.log(`ok ${name}`);
  } catch (error) {
    console.log(`wrong ${name}: ${String(error.stack).replace(/\s*\n\s*/g, ' | ')}`);
  }
}

function run(library, story) {
  console.log(`version ${require(`${library}/package.json`).version}`);
  story().then(() => console.log('end'));
}

module.exports = { assert, nickname, password, run, step, told };
