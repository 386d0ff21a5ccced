import { expect, test } from 'vitest';
import { LIFETIMES } from '../conformance/index.ts';
import { newRecord } from '../conformance/records.ts';
import { openEngine } from '../registry.ts';
import { formatToken, hashSecret, tokenOfId } from '../session-id.ts';
import { temporaryDatabase } from '@gatehouse/prisma/testing';
import type { AdoptedSession } from '../adoption/adoption.ts';
import { createDjangoAdoption } from './django-adoption.ts';
import { idOfDjangoSession } from './django-cookie.ts';

const SECRETS = ['the current secret', 'the secret of the import'];
const KEY = 'abcdefghijklmnopqrstuvwxyz012345';
const CLIENT = { ip: null, userAgent: null };

/** An engine with an imported session for Django's KEY, and a clock. */
async function imported(onAdopted?: (adopted: AdoptedSession) => Promise<void>) {
  const clock = { ms: Date.now() };
  const now = () => clock.ms;
  const engine = await openEngine('db', { database: await temporaryDatabase(), lifetimes: LIFETIMES, now });
  const secret = idOfDjangoSession(KEY, SECRETS[1] ?? '');
  const plain = await newRecord({ clock: { now, advance() {} } }, engine);
  const record = { ...plain, secretHash: hashSecret(secret) };
  const pointer = { ...record, handle: tokenOfId(secret).handle };
  const storePointer = () => engine.create(pointer, { successor: record.handle });
  const storeSession = () => engine.create(record);
  const adoption = createDjangoAdoption({ engine, secrets: SECRETS, cookieName: 'sessionid', timeoutMs: 2000, now, onAdopted });
  return { clock, engine, record, adoption, storePointer, storeSession, id: formatToken({ handle: record.handle, secret }) };
}

async function importedWhole(onAdopted?: (adopted: AdoptedSession) => Promise<void>) {
  const place = await imported(onAdopted);
  await place.storePointer();
  await place.storeSession();
  return place;
}

test('Django’s cookie is accepted once, and for another minute in case the response was lost', async () => {
  const { clock, adoption, id } = await importedWhole();
  clock.ms += 30_000;
  expect(await adoption.adopt(KEY, CLIENT)).toEqual({ status: 'adopted', id });
  clock.ms += 59_000;
  expect(await adoption.adopt(KEY, CLIENT)).toEqual({ status: 'adopted', id });
  clock.ms += 2000;
  expect(await adoption.adopt(KEY, CLIENT)).toEqual({ status: 'over' });
});

test('concurrent requests get the same session', async () => {
  const { adoption, engine, id } = await importedWhole();
  expect(await Promise.all(Array.from({ length: 8 }, () => adoption.adopt(KEY, CLIENT)))).toEqual(
    Array.from({ length: 8 }, () => ({ status: 'adopted', id })),
  );
  expect(await engine.count()).toMatchObject({ sessions: 1 });
});

test('an ended session stays ended, and an unknown one keeps its cookie', async () => {
  const { adoption, engine, record } = await importedWhole();
  expect(await adoption.adopt(KEY.replace('a', 'b'), CLIENT)).toEqual({ status: 'left' });
  await engine.destroy(record.handle);
  expect(await adoption.adopt(KEY, CLIENT)).toEqual({ status: 'left' });
});

test('while only the pointer or only the session is imported, the cookie is kept', async () => {
  const pointed = await imported();
  await pointed.storePointer();
  expect(await pointed.adoption.adopt(KEY, CLIENT)).toEqual({ status: 'left' });
  await pointed.storeSession();
  expect(await pointed.adoption.adopt(KEY, CLIENT)).toEqual({ status: 'adopted', id: pointed.id });
  const alone = await imported();
  await alone.storeSession();
  expect(await alone.adoption.adopt(KEY, CLIENT)).toEqual({ status: 'left' });
  expect(await alone.engine.count()).toMatchObject({ sessions: 1 });
});

test('after a new sign-in of the browser, Django’s cookie is no longer accepted', async () => {
  const { adoption, engine, record, clock } = await importedWhole();
  const successor = await newRecord({ clock: { now: () => clock.ms, advance() {} } }, engine);
  await engine.create(successor);
  expect(await engine.claim(record.handle, { successor: successor.handle })).toEqual({ status: 'claimed' });
  expect(await adoption.adopt(KEY, CLIENT)).toEqual({ status: 'over' });
  await adoption.discard(KEY);
  expect(await engine.count()).toMatchObject({ sessions: 1 });
});

test('a new sign-in removes the session that waits for adoption, but not an adopted one', async () => {
  const waiting = await importedWhole();
  await waiting.adoption.discard(KEY);
  expect(await waiting.adoption.adopt(KEY, CLIENT)).toEqual({ status: 'left' });
  const adopted = await importedWhole();
  await adopted.adoption.adopt(KEY, CLIENT);
  await adopted.adoption.discard(KEY);
  expect(await adopted.engine.count()).toMatchObject({ sessions: 1 });
});

test('only keys that Django generates are read from the cookie', async () => {
  const { adoption } = await importedWhole();
  expect(adoption.oldId(`a=b; sessionid=${KEY}`)).toBe(KEY);
  for (const cookie of [
    undefined,
    '',
    'sessionid=',
    `sessionid=${KEY}0`,
    'sessionid=s%3Aabc.def',
    `sessionid=${KEY}; sessionid=${KEY}`,
    `other=${KEY}`,
  ])
    expect(adoption.oldId(cookie)).toBeUndefined();
});
