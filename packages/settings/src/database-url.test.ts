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
