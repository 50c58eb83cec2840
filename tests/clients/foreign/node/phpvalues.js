'use strict';
// The answers of route in plain values. Both SOAP libraries hand over an element as it stands; `typeOf` gives the
// local name of its xsi:type.

module.exports = function decoder(typeOf) {
  return function decoded(element) {
    const { attributes, $attributes, $value: text = '', ...members } = element;
    const items = [].concat(members.item ?? []);
    switch (typeOf(attributes ?? $attributes)) {
      case 'Map':
        return Object.fromEntries(items.map(({ key, value }) => [decoded(key), decoded(value)]));
      case 'Array':
        return items.map(decoded);
      case 'Struct':
        return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, decoded(member)]));
      case 'boolean':
        return text === 'true';
      case 'int':
      case 'long':
      case 'double':
        return Number(text);
      default:
        return text;
    }
  };
};
