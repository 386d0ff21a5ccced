import { expect, test } from 'vitest';
import { ALICE, PASSWORD, temporaryAccounts } from '../test-support/temporary-accounts.ts';
import { identifierKey } from './identifier.ts';

test('security 20: case, width and surrounding spaces do not distinguish names', () => {
  for (const variant of ['alice', 'ALICE', ' alice\t', 'ａｌｉｃｅ', 'Ａlice', 'al\u{1d422}ce'])
    expect(identifierKey(variant)).toBe('alice');
  expect(identifierKey('Alice@Example.COM ')).toBe('alice@example.com');
});

test('security 20: names with invisible, combining, foreign and special letters are rejected', () => {
  const resembling = [
    'ali\u200bce',
    'alice\u200d',
    '\ufeffali\u00adce',
    'ali\u202ece',
    'al\u0131ce',
    'al\u0130ce',
    'аlice',
    'alıce',
    'straße',
    'ali ce',
    'ali\0ce',
    'a\u0301lice',
    '',
  ];
  expect(resembling.filter((text) => identifierKey(text) !== undefined)).toEqual([]);
  expect(identifierKey('a'.repeat(255))).toBeUndefined();
});

test('security 20: a variant of a name never creates a second account, and only signs in to the account it names', async () => {
  const { accounts, user } = await temporaryAccounts();
  const alice = await user();
  for (const username of ['Alice', 'ALICE', ' alice ']) {
    expect(await accounts.createUser({ ...ALICE, username, email: 'other@example.com' })).toEqual({
      ok: false,
      problems: { username: ['This user name is taken.'] },
    });
  }
  for (const username of [
    'ａｌｉｃｅ',
    'alıce',
    'аlice',
    'alice\u200b',
    'straße',
    'al',
    '-alice',
    'alice.',
    'a@b.example',
    'x'.repeat(33),
  ]) {
    expect(await accounts.createUser({ ...ALICE, username, email: 'other@example.com' })).toMatchObject({
      ok: false,
      problems: { username: [expect.any(String)] },
    });
  }
  for (const email of ['ALICE@example.com', 'alice@EXAMPLE.com ']) {
    expect(await accounts.createUser({ ...ALICE, username: 'other', email })).toMatchObject({
      ok: false,
      problems: { email: ['There is an account with this e-mail address.'] },
    });
  }
  for (const email of ['alıce@example.com', 'alice@exämple.com', 'alice@example.com\u200b', 'alice', 'a b@example.com']) {
    expect(await accounts.createUser({ ...ALICE, username: 'other', email })).toMatchObject({
      ok: false,
      problems: { email: [expect.any(String)] },
    });
  }
  expect(await accounts.countUsers()).toBe(1);
  for (const identifier of ['ALICE', 'ａｌｉｃｅ', 'Alice@Example.com']) {
    expect(await accounts.authenticate({ identifier, password: PASSWORD })).toMatchObject({ ok: true, user: { id: alice.id } });
  }
  for (const identifier of ['alıce', 'ali\u200bce', 'alice\0', '']) {
    expect(await accounts.authenticate({ identifier, password: PASSWORD })).toEqual({ ok: false, reason: 'INVALID_CREDENTIALS' });
  }
});
