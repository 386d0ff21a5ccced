import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { DATABASES, SQLITE } from '@gatehouse/prisma/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { runOn, temporaryAccounts } from '../../test-support/temporary-accounts.ts';
import { importUsersFile, type ImportFileOptions, type LineProblem } from './import-users-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-import-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function fileOf(content: string | Buffer): string {
  const file = join(folder, String((files += 1)));
  writeFileSync(file, content);
  return file;
}

type Setup = Awaited<ReturnType<typeof temporaryAccounts>>;

async function importing({ database }: Setup, content: string | Buffer, options: Partial<ImportFileOptions> = {}) {
  const problems: LineProblem[] = [];
  const format = options.format ?? (String(content).trimStart().startsWith('{') ? 'jsonl' : 'csv');
  const counts = await importUsersFile({
    database,
    file: fileOf(content),
    format,
    onProblem: (problem) => problems.push(problem),
    ...options,
  });
  return { counts, problems: problems.flatMap(({ line, problems: wrong }) => wrong.map((text) => `${line} ${text}`)) };
}

const PASSWORD = 'correct horse';
/** Made by glibc's crypt, Python's hashlib and the argon2 library. */
const HASHES = {
  bcrypt2a: '$2a$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e',
  bcrypt2b: '$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e',
  bcrypt2y: '$2y$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e',
  argon2i: '$argon2i$v=19$m=64,t=1,p=1$YSBzYWx0IG9mIDE2IGJ5dA$oW2ZBEJGpz1EchNzlskQi2sIhZCkmB2UO4iUH5AZpGo',
  argon2id: '$argon2id$v=19$m=64,t=1,p=1$YSBzYWx0IG9mIDE2IGJ5dA$xRoiS1UFVCt4b1tKPBMFYRxj6aIIvdlFPghSKyNjIeI',
  scryptPhc: '$scrypt$ln=10,r=8,p=1$YSBzYWx0IG9mIDE2IGJ5dA$dnEttN62+eTyZpID2XvWakMRP94S1OE4qGX1348+KO8',
  scryptBytes:
    'scrypt:1024:8:1:612073616c74206f6620313620627974:76712db4deb6f9e4f2669203d97bd66a43113fde12d4e138a865f5df8f3e28efb5f33507bb0759b18961dc91e71afd55bcfa01d2813c5bf69d97a246aebc6887',
  scryptText:
    'scrypt:1024:16:1:612073616c74206f6620313620627974:518bcc4878eb4fe1cea12417cbe9266cf3b5f2b568630893c405822641ef407d5843edb5b104960f0c4331612bfcde958bbbc0813b0fffcf5d10f7c90e35b2e3',
  scryptBase64:
    'scrypt:1024:8:1:YSBzYWx0IG9mIDE2IGJ5dA==:dnEttN62+eTyZpID2XvWakMRP94S1OE4qGX1348+KO+18zUHuwdZsYlh3JHnGv1VvPoB0oE8W/adl6JGrrxohw==',
  scryptWerkzeug:
    'scrypt:1024:8:1$fYbNNqvcKJTDdsBz$b003ae6045a893c2081a5ef6c8f9e30f1758dc0851d54a69ac53f02b426865f46aa6308e2e7f186a1d7205167da7bd3ee22b0484dcc2d24d238e94679e0b056e',
  django: 'pbkdf2_sha256$1$seasalt$mJQ8D8xVBAKQGCo0t0n+NSPS2a0gQhVtjuC9LdL9WiM=',
};

describe.each(DATABASES.filter(({ available }) => available))('importing users into $name', (on) => {
  if (on !== SQLITE) runOn(on);

  test('every hash signs in, is replaced by argon2id at sign-in, and a second import changes nothing', async () => {
    const setup = await temporaryAccounts();
    const names = Object.entries(HASHES);
    const content = names.map(([username, password], id) =>
      JSON.stringify({ id: id + 7, username, email: `${username}@example.com`, password }),
    );
    const first = await importing(setup, content.join('\n'));
    expect(first).toMatchObject({ problems: [], counts: { read: names.length, imported: names.length, withoutPassword: 0, ignored: [] } });
    for (const [index, [username]] of names.entries()) {
      const password = username === 'django' ? 'lètmein' : PASSWORD;
      const wrong = await setup.accounts.authenticate({ identifier: username, password: `${password}!` });
      expect([username, wrong.ok]).toEqual([username, false]);
      const right = await setup.accounts.authenticate({ identifier: username, password });
      expect([username, right.ok && right.user.id]).toEqual([username, String(index + 7)]);
    }
    const stored = await setup.database.prisma.user.findMany({ select: { passwordHash: true } });
    for (const { passwordHash } of stored) expect(passwordHash).toMatch(/^\$argon2id\$/);
    const again = await importing(setup, content.join('\n'));
    expect(again).toMatchObject({ problems: [], counts: { imported: 0, unchanged: names.length } });
    // They are found like any other.
    expect(
      (await setup.accounts.searchUsers({ text: 'bcrypt2b', sort: 'name', descending: false, limit: 10 })).users.map(({ id }) => id),
    ).toEqual(['8']);
    const { events } = await setup.accounts.listAudit({ kind: 'user_imported', limit: 50 });
    expect(events).toHaveLength(names.length);
  });

  test('users who occur twice, and those whose name or address is taken, are refused with the other line or account', async () => {
    const setup = await temporaryAccounts();
    const alice = await setup.user();
    const lines = [
      'id,username,email',
      'a1,ada,ada@example.com',
      'A1,Grace,grace@example.com',
      'a1,other,other@example.com',
      'b2,ADA,Ada@Example.com',
      'b3,ALICE,alice2@example.com',
      'b4,zoe,Alice@example.com',
      `${alice.id},stranger,stranger@example.com`,
    ];
    const { counts, problems } = await importing(setup, lines.join('\n'));
    expect(counts).toMatchObject({ read: 7, imported: 2, refused: 5 });
    expect(problems).toEqual([
      '4 line 2 has the same id',
      '5 line 2 has the same user name',
      '5 line 2 has the same e-mail address',
      `6 the user name belongs to the account ${alice.id}`,
      `7 the e-mail address belongs to the account ${alice.id}`,
      `8 an account with the id ${alice.id} exists, with another user name and e-mail address`,
    ]);
    // Ids are compared exactly on every database.
    expect((await setup.accounts.listUsers()).map(({ id }) => id).toSorted()).toEqual(['A1', 'a1', alice.id].toSorted());
    // A dry run of the same file says the same, but that the two are there.
    expect((await importing(setup, lines.join('\n'), { dryRun: true })).problems).toEqual(problems);
  });
});

test('all that is wrong with a line is reported at once, and no part of a password is shown', async () => {
  const setup = await temporaryAccounts();
  const { problems, counts } = await importing(
    setup,
    JSON.stringify({
      id: 'with space',
      mail: 'nonsense',
      role: 'root',
      status: 'gone',
      password: 'hunter2',
      createdAt: 'monday',
      attributes: { x: 1 },
    }),
    { columns: { email: 'mail' } },
  );
  expect(counts).toMatchObject({ imported: 0, refused: 1 });
  const text = problems.join('\n');
  for (const start of [
    '1 id may',
    '1 mail is not',
    '1 role must be user or admin',
    '1 status must',
    '1 password is not',
    '1 createdAt is not',
    '1 attributes.x: There is no such field',
  ])
    expect(text).toContain(start);
  expect(text).not.toContain('hunter2');
});

test('fields have other names in the file, values inside objects are found, and own fields are validated', async () => {
  const setup = await temporaryAccounts({ attributes: z.object({ department: z.string().default('none'), floor: z.number().optional() }) });
  const attributes = z.object({ department: z.string().default('none'), floor: z.number().optional() });
  const mongo = JSON.stringify({ _id: { $oid: '507f1f77bcf86cd799439011' }, mail: 'ada@example.com', dept: 'Sales', secret: 'x', __v: 0 });
  const columns = { id: '_id.$oid', email: 'mail', 'attributes.department': 'dept' };
  const json = await importing(setup, mongo, { columns, attributes });
  expect(json).toMatchObject({ problems: [], counts: { imported: 1, withoutPassword: 1, ignored: ['secret', '__v'] } });
  const csv = 'id,email,active,attributes.floor,joined\r\n7,eve@example.com,0,3,2020-02-03 04:05:06\r\n8,bob@example.com,1,three,\r\n';
  const table = await importing(setup, csv, { columns: { status: 'active', createdAt: 'joined' }, attributes });
  expect(table.counts).toMatchObject({ imported: 1, refused: 1 });
  expect(table.problems[0]).toContain('3 attributes.floor');
  const users = await setup.accounts.listUsers();
  expect(users.find(({ id }) => id === '7')).toMatchObject({ username: 'user-7', status: 'suspended', attributes: { floor: 3 } });
  expect(users.find(({ email }) => email === 'ada@example.com')).toMatchObject({
    id: '507f1f77bcf86cd799439011',
    attributes: { department: 'Sales' },
  });
  const row = await setup.database.prisma.user.findUniqueOrThrow({ where: { id: '7' } });
  expect(row.createdAt.toISOString()).toBe('2020-02-03T04:05:06.000Z');
});

test('byte order mark, CRLF, empty lines and quoted line breaks are read; damaged lines are named by number', async () => {
  const setup = await temporaryAccounts();
  const csv =
    '\uFEFFid,email,name\r\n\r\n1,a@example.com,"Ada ""A"" Lee"\r\n2,b@example.com\r\n3,c@example.com,"two\r\nlines"\r\n4,d@example.com,Dan\r\n5,e@example.com,"never closed';
  const { counts, problems } = await importing(setup, csv);
  expect(problems).toEqual([
    '4 has 2 fields, and the header has 3',
    '5 name must have at most 100 characters, and no invisible ones',
    '8 has a quotation mark that is not closed. Nothing after it was read',
  ]);
  expect(counts).toMatchObject({ read: 5, imported: 2 });
  expect((await setup.accounts.findUser('a@example.com'))?.name).toBe('Ada "A" Lee');

  const jsonl = Buffer.concat([
    Buffer.from('{"id":6,"email":"f@example.com","__proto__":{"role":"admin"}}\r\n\r\n{"id":7,"ema\n[1]\n{"id":8,"email":"M'),
    Buffer.from([0xfc]),
    Buffer.from('ller@example.com"}\n{"id":9007199254740993,"email":"g@example.com"}\n{"id":10,"email":"h@example.com"}'),
  ]);
  const second = await importing(setup, jsonl);
  expect(second.problems).toEqual([
    '3 is not JSON. Each line must be one whole JSON object',
    '4 is not a JSON object',
    '5 is not UTF-8. Save the file as UTF-8',
    '6 id is a number that JSON cannot hold exactly. Write it as text',
  ]);
  expect(second.counts.imported).toBe(2);
  expect((await setup.accounts.findUser('f@example.com'))?.role).toBe('user');
});

test.each([
  ['an empty file', '', 'csv', 'The file is empty'],
  ['UTF-16', Buffer.from('\uFEFFid,email\n', 'utf16le'), 'csv', 'UTF-16'],
  ['Latin-1 in CSV', Buffer.from('id,email,name\n1,a@example.com,M\xfcller\n', 'latin1'), 'csv', 'Line 2 is not UTF-8'],
  ['a column twice', 'id,email,id\n', 'csv', 'has the column "id" twice'],
  ['semicolons', 'id;email\n1;a@example.com\n', 'csv', 'separated by commas'],
  ['no column of ids', 'nummer,email\n1,a@example.com\n', 'csv', 'no column id'],
] as const)('%s is refused as a whole', async (_, content, format, message) => {
  const setup = await temporaryAccounts();
  await expect(importing(setup, content, { format })).rejects.toMatchObject({
    code: 'BAD_FILE',
    message: expect.stringContaining(message) as string,
  });
});

test('a file that turns out to be unusable in the middle leaves nothing behind, and so does a pipe or a folder', async () => {
  const setup = await temporaryAccounts();
  const users = Array.from({ length: 1200 }, (_, id) => `${id},user${id}@example.com,Somebody`);
  const broken = Buffer.concat([Buffer.from(`id,email,name\n${users.join('\n')}\n`), Buffer.from([0xfc])]);
  await expect(importing(setup, broken, { format: 'csv' })).rejects.toThrow('Line 1202 is not UTF-8');
  await expect(importing(setup, '', { format: 'csv', file: folder })).rejects.toThrow('is not a file');
  expect(await setup.database.prisma.user.count()).toBe(0);
  expect((await importing(setup, `id,email,name\n${users.join('\n')}`)).counts).toMatchObject({ read: 1200, imported: 1200 });
  expect((await importing(setup, `id,email,name\n${users.join('\n')}`)).counts).toMatchObject({ imported: 0, unchanged: 1200 });
});

test('a header without users is no error', async () => {
  expect((await importing(await temporaryAccounts(), 'id,email\n')).counts).toMatchObject({ read: 0, refused: 0 });
});

test('a line of 100 MB is skipped without being kept in memory', async () => {
  const setup = await temporaryAccounts();
  const file = join(folder, 'long');
  const out = createWriteStream(file);
  out.write('{"id":1,"email":"a@example.com","name":"');
  for (let written = 0; written < 100; written += 1) if (!out.write(Buffer.alloc(2 ** 20, 'x'))) await once(out, 'drain');
  out.end('"}\n{"id":2,"email":"b@example.com"}\n');
  await once(out, 'finish');
  const problems: LineProblem[] = [];
  const before = process.memoryUsage().arrayBuffers;
  const counts = await importUsersFile({ database: setup.database, file, format: 'jsonl', onProblem: (problem) => problems.push(problem) });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 2 ** 20);
  expect(counts).toMatchObject({ read: 2, imported: 1 });
  expect(problems).toEqual([{ line: 1, problems: ['is longer than 1048576 bytes'] }]);
});

test.each([
  '$2b$31$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e',
  '$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$XN95f5dedb5zT6QHvOri2A',
  '$scrypt$ln=30,r=8,p=1$YSBzYWx0IG9mIDE2IGJ5dA$dnEttN62+eTyZpID2XvWakMRP94S1OE4qGX1348+KO8',
  'scrypt:16777216:8:1:YSBzYWx0IG9mIDE2IGJ5dA==:dnEttN62+eTyZpID2XvWakMRP94S1OE4qGX1348+KO8=',
  'scrypt:1000:8:1:YSBzYWx0IG9mIDE2IGJ5dA==:dnEttN62+eTyZpID2XvWakMRP94S1OE4qGX1348+KO8=',
  'scrypt:1024:8:1:YSBzYWx0IG9mIDE2IGJ5dA==:AA==',
  `pbkdf2_sha256$1000$${'s'.repeat(300)}$mJQ8D8xVBAKQGCo0t0n+NSPS2a0gQhVtjuC9LdL9WiM=`,
])('security 19: a hash that is too expensive or invalid is refused: %s', async (password) => {
  const { problems } = await importing(await temporaryAccounts(), JSON.stringify({ id: 1, email: 'a@example.com', password }));
  expect(problems).toEqual([expect.stringContaining('1 password is not a hash that can be checked here, or costs too much.')]);
});
