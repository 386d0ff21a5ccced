import { expect, test } from 'vitest';
import { LIFETIMES } from '../conformance/index.ts';
import { newRecord } from '../conformance/records.ts';
import { openEngine } from '../registry.ts';
import { sessionKey } from '../session-id.ts';
import { temporaryDatabase } from '@gatehouse/prisma/testing';
import type { AdoptedSession } from '../adoption/adoption.ts';
import { createDjangoAdoption } from './django-adoption.ts';
import { idOfDjangoSession } from './django-cookie.ts';

const SECRETS = ['the secret of today', 'the one of the import'];
const KEY = 'abcdefghijklmnopqrstuvwxyz012345';
const VISIT = { ip: null, userAgent: null };

/** An engine that has the session of Django's KEY, and a clock. */
async function imported(onAdopted?: (adopted: AdoptedSession) => Promise<void>) {
  const clock = { ms: Date.now() };
  const now = () => clock.ms;
  const engine = await openEngine('db', { database: await temporaryDatabase(), lifetimes: LIFETIMES, now });
  const id = idOfDjangoSession(KEY, SECRETS[1] ?? '');
  const record = { ...newRecord({ clock: { now, advance() {} } }), key: sessionKey(id) };
  await engine.create(record);
  const adoption = createDjangoAdoption({ engine, secrets: SECRETS, cookieName: 'sessionid', timeoutMs: 2000, now, onAdopted });
  return { clock, engine, record, adoption, id };
}

test('Django’s cookie is good once, and for a minute after that, for those who did not get the answer', async () => {
  const { clock, adoption, id } = await imported();
  clock.ms += 30_000;
  expect(await adoption.adopt(KEY, VISIT)).toEqual({ status: 'adopted', id });
  clock.ms += 59_000;
  expect(await adoption.adopt(KEY, VISIT)).toEqual({ status: 'adopted', id });
  clock.ms += 2000;
  expect(await adoption.adopt(KEY, VISIT)).toEqual({ status: 'over' });
});

test('many at once arrive at one session', async () => {
  const { adoption, engine, id } = await imported();
  expect(await Promise.all(Array.from({ length: 8 }, () => adoption.adopt(KEY, VISIT)))).toEqual(
    Array.from({ length: 8 }, () => ({ status: 'adopted', id })),
  );
  expect(await engine.count()).toMatchObject({ sessions: 1 });
});

test('an ended one stays ended, and an unknown one keeps its cookie', async () => {
  const { adoption, engine, record } = await imported();
  expect(await adoption.adopt(KEY.replace('a', 'b'), VISIT)).toEqual({ status: 'left' });
  await engine.destroy(record.key);
  expect(await adoption.adopt(KEY, VISIT)).toEqual({ status: 'left' });
});

test('whoever signs in anew gives up what waits, and not the session that it has become', async () => {
  const waiting = await imported();
  await waiting.adoption.giveUp(KEY);
  expect(await waiting.adoption.adopt(KEY, VISIT)).toEqual({ status: 'left' });
  const adopted = await imported();
  await adopted.adoption.adopt(KEY, VISIT);
  await adopted.adoption.giveUp(KEY);
  expect(await adopted.engine.count()).toMatchObject({ sessions: 1 });
});

test('only what Django makes is read from the cookie', async () => {
  const { adoption } = await imported();
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
