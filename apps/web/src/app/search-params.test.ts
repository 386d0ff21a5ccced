import { expect, test } from 'vitest';
import { parseSearch, stringifySearch } from './search-params.ts';

test.each(['?code=007', '?tag=a&tag=b&tag=c', '?yes=true&n=1e3', '?empty=', '?name=%C3%A9t%C3%A9&q=a%26b', '?__proto__=x', ''])(
  '%s is unchanged after parsing and stringifying',
  (search) => {
    expect(stringifySearch(parseSearch(search))).toBe(search);
  },
);

test('an undefined parameter is left out', () => {
  expect(stringifySearch({ next: undefined, reason: 'SESSION_EXPIRED' })).toBe('?reason=SESSION_EXPIRED');
});
