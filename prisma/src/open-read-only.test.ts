import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DATABASES, temporaryFolder, temporaryUrl } from '../testing/index.ts';
import { openDatabase, openReadOnly } from './index.ts';

describe.each(DATABASES)('$name', (on) => {
  test.skipIf(!on.available)('another database can be read but not written', async () => {
    const url = await temporaryUrl(on);
    const database = await openDatabase(url);
    const connection = await database.adapter.connect();
    const run = (sql: string) => connection.executeRaw({ sql, args: [], argTypes: [] });
    await run('CREATE TABLE thing (id INTEGER PRIMARY KEY, name VARCHAR(20))');
    await run("INSERT INTO thing VALUES (1, 'one'), (2, 'two'), (10, 'ten')");
    await connection.dispose();
    await database.close();

    const other = await openReadOnly(url);
    const table = other.quoted('thing');
    try {
      const { columns, rows } = await other.select(`SELECT id, name FROM ${table} WHERE id > ? ORDER BY id LIMIT 5`, ['1']);
      expect({ columns, names: rows.map(([, name]) => name) }).toEqual({ columns: ['id', 'name'], names: ['two', 'ten'] });
      await expect(other.select(`DELETE FROM ${table}`)).rejects.toThrow();
      expect((await other.select(`SELECT id FROM ${table}`)).rows).toHaveLength(3);
    } finally {
      await other.close();
    }
  });
});

test('a missing SQLite file is not created, and other files are rejected', async () => {
  const missing = `file:${temporaryFolder()}/none.db`;
  await expect(openReadOnly(missing)).rejects.toThrow('there is no file');
  expect(() => readFileSync(missing.slice('file:'.length))).toThrow('ENOENT');
  await expect(openReadOnly(`file:${import.meta.filename}`)).rejects.toThrow('is not a SQLite database');
});
