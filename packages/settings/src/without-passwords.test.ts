import { expect, test } from 'vitest';
import { withoutPasswords } from './without-passwords.ts';

test.each([
  ['file:./data/a:b@c.db', 'file:./data/a:b@c.db'],
  ['redis://localhost:6379', 'redis://localhost:6379'],
  ['redis://:s3cret@localhost:6379/0', 'redis://:…@localhost:6379/0'],
  ['postgresql://app:s3cret@db.test:5432/site?sslmode=verify-full', 'postgresql://app:…@db.test:5432/site?sslmode=verify-full'],
  ['mysql://app:s3cret@localhost/site?socket=/run/a:b@c', 'mysql://app:…@localhost/site?socket=/run/a:b@c'],
  [
    'postgresql://db.test:5432/site?user=reader@x&password=s3cret&ssl=true',
    'postgresql://db.test:5432/site?user=reader@x&password=…&ssl=true',
  ],
  [
    'redis+sentinel://app:s3cret@one:26379,two:26379/main?sentinelPassword=s3cret',
    'redis+sentinel://app:…@one:26379,two:26379/main?sentinelPassword=…',
  ],
  ['postgresql://app:s3c@s3cret@db.test/site', 'postgresql://app:…@db.test/site'],
  ['postgresql://app@db.test/site', 'postgresql://app@db.test/site'],
])('%s is shown as %s', (url, shown) => {
  expect(withoutPasswords(url)).toBe(shown);
});

test.each(['postgresql://app:s3cret?x@db.test/site', 'postgresql://app:s3cret/x@db.test/site', 'app:s3cret@db.test', 's3cret'])(
  'of %s, which is no valid URL, no part of the password is shown',
  (url) => {
    expect(withoutPasswords(url)).not.toContain('s3cret');
  },
);
