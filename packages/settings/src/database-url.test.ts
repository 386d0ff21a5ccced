import { expect, test } from 'vitest';
import { databaseFile, databaseUrlForm } from './database-url.ts';

test.each([
  ['file:./data/a.db', '/project/data/a.db'],
  ['file:a.db', '/project/a.db'],
  ['file:../a.db', '/a.db'],
  ['file:/srv/a.db', '/srv/a.db'],
  ['file:///srv/a%20b.db', '/srv/a b.db'],
])('%s is %s, wherever the program runs', (url, file) => {
  expect(databaseUrlForm.safeParse(url).success).toBe(true);
  expect(databaseFile(url, '/project')).toBe(file);
});

test.each(['file:', 'file::memory:', 'file:a.db?mode=ro', 'file://host/a.db', '/srv/a.db', 'sqlserver://x', ''])('%s is refused', (url) => {
  expect(databaseUrlForm.safeParse(url).success).toBe(false);
});

test.each([
  ['mysql://root@127.0.0.1:3306/gatehouse', 'mysql'],
  ['mariadb://app:p%40ss@db.internal/gatehouse?connection_limit=5', 'mysql'],
  ['mysql://root@localhost/gatehouse?socket=/run/mysqld/mysqld.sock', 'mysql'],
  ['postgresql://app:secret@[::1]:5432/gatehouse?sslmode=verify-full', 'postgresql'],
  ['POSTGRES://app@db/gatehouse', 'postgresql'],
  ['postgresql:///gatehouse?host=/run/postgresql', 'postgresql'],
  ['postgresql://app:secret@/gatehouse?host=/run/postgresql', 'postgresql'],
  ['mysql://app@/gatehouse?unix_socket=/run/mysqld/mysqld.sock', 'mysql'],
])('%s is taken as it is, for %s', (url, provider) => {
  expect(databaseUrlForm.parse(url)).toEqual({ provider, url });
});

test.each([
  ['mysql://root:hunter2@db', 'names no database'],
  ['mysql://root:hunter2@db/', 'names no database'],
  ['mysql://root:hunter2@db/one/two', 'names no database'],
  ['postgresql:///gatehouse', 'names no host'],
  ['postgresql://root:hunter2@db:port/gatehouse', 'is not an address'],
  ['postgresql://root:hunter2@db:99999/gatehouse', 'is not an address'],
  ['mysql://root:hun/ter2@db/gatehouse', 'is not an address'],
  ['mysql://root:hunter2@db/gate#house', 'has a # in it'],
  ['mysql://root:hunter2%@db/gatehouse', 'has a % that'],
  ['mysql:gatehouse', 'names no host'],
  ['mongodb://root:hunter2@db/gatehouse', 'must begin with file:, mysql:'],
])('%s: %s', (url, problem) => {
  const { error } = databaseUrlForm.safeParse(url);
  expect(error?.issues[0]?.message).toContain(problem);
  expect(JSON.stringify(error?.issues)).not.toMatch(/hun|ter2/);
});
