import { expect, test } from 'vitest';
import { databaseFile, databaseUrlSchema } from './database-url.ts';

test.each([
  ['file:./data/a.db', '/project/data/a.db'],
  ['file:a.db', '/project/a.db'],
  ['file:../a.db', '/a.db'],
  ['file:/srv/a.db', '/srv/a.db'],
  ['file:///srv/a%20b.db', '/srv/a b.db'],
])('%s is %s, independent of the working directory', (url, file) => {
  expect(databaseUrlSchema.safeParse(url).success).toBe(true);
  expect(databaseFile(url, '/project')).toBe(file);
});

test.each(['file:', 'file::memory:', 'file:a.db?mode=ro', 'file://host/a.db', '/srv/a.db', 'sqlserver://x', ''])('%s is refused', (url) => {
  expect(databaseUrlSchema.safeParse(url).success).toBe(false);
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
])('%s is accepted unchanged, for %s', (url, provider) => {
  expect(databaseUrlSchema.parse(url)).toEqual({ provider, url });
});

test.each([
  ['mysql://root:hunter2@db', 'contains no database name'],
  ['mysql://root:hunter2@db/', 'contains no database name'],
  ['mysql://root:hunter2@db/one/two', 'contains no database name'],
  ['postgresql:///gatehouse', 'contains no host'],
  ['postgresql://root:hunter2@db:port/gatehouse', 'is not a valid URL'],
  ['postgresql://root:hunter2@db:99999/gatehouse', 'is not a valid URL'],
  ['mysql://root:hun/ter2@db/gatehouse', 'is not a valid URL'],
  ['mysql://root:hunter2@db/gate#house', 'contains a #'],
  ['mysql://root:hunter2%@db/gatehouse', 'contains a % that'],
  ['mysql:gatehouse', 'contains no host'],
  ['mongodb://root:hunter2@db/gatehouse', 'must begin with file:, mysql:'],
])('%s: %s', (url, problem) => {
  const { error } = databaseUrlSchema.safeParse(url);
  expect(error?.issues[0]?.message).toContain(problem);
  expect(JSON.stringify(error?.issues)).not.toMatch(/hun|ter2/);
});
