import { sessionDataSchema } from '@gatehouse/contract';
import { expect, test } from 'vitest';
import type { Engine } from '../engine-port.ts';
import type { Expiry } from '../policy.ts';
import { expiryFrom } from '../requested-expiry.ts';
import { newSessionId } from '../session-id.ts';
import { createVault, type Vault } from '../session-vault.ts';
import { LIFETIMES, type EngineFixture } from './engine-fixture.ts';

/** Odd text: what databases are known to cut, fold, trim or refuse. */
const TEXTS = [
  '',
  ' ',
  'a ',
  '\0',
  'a\0b',
  '\ud800',
  'x\udfffy',
  '😀',
  'ä',
  'a\u0308',
  '\u2028',
  '\\u0000',
  "'; --",
  '\u007f\u0080',
  '\ufeff',
  '\uffff',
];

const VALUES: Record<string, unknown> = {
  texts: TEXTS,
  keys: Object.fromEntries([...TEXTS, '__proto__', 'constructor', 'k'.repeat(10_000)].map((text, index) => [text, index])),
  alike: { key: 1, KEY: 2, 'key ': 3, ' key': 4 },
  numbers: [0, -1, 0.1, 5e-324, Number.MAX_VALUE, Number.MAX_SAFE_INTEGER, 1e21, -1e-7],
  plain: [null, true, false, [], {}, [[{ a: [] }]]],
  deep: Array.from({ length: 90 }).reduce((inner: object) => ({ inner }), {}),
  long: 'ä😀'.repeat(20_000),
};

/** Seconds or dates for `setExpiry`, and whether they are to come. */
const FAR_ENDS: readonly [number | Date, isLive: boolean][] = [
  [2_147_483_647, true],
  [new Date('9999-12-31T23:59:59Z'), true],
  [new Date('+010000-01-01T00:00:00Z'), true],
  [new Date(8.64e15), true],
  [new Date(0), false],
  [new Date(-1), false],
  [new Date('0999-01-01T00:00:00Z'), false],
  [new Date('-000001-01-01T00:00:00Z'), false],
  [new Date(-8.64e15), false],
];

/** What is stored comes back the same on every storage, ends included. */
export function valuesConformance(fixture: () => EngineFixture): void {
  function vaultOn(engine: Engine): Vault & { expire(session: object, expiry: Expiry): void } {
    const expiries = new WeakMap<object, Expiry>();
    const rules = {
      own: new Set<string>(),
      reserved: new Set<string>(),
      keepsDates: () => false,
      expiryOf: (session: object) => expiries.get(session),
    };
    const vault = createVault({ engine, lifetimes: LIFETIMES, now: fixture().clock.now, schema: sessionDataSchema, rules });
    return { ...vault, expire: (session, expiry) => void expiries.set(session, expiry) };
  }
  const open = async () => vaultOn(await fixture().open());

  test('semantics 4: odd values and keys come back equal, created, saved and updated', async () => {
    const [here, there] = [await open(), await open()];
    const [created, saved, updated] = [newSessionId(), newSessionId(), newSessionId()];
    await here.create(created, VALUES);
    expect(await there.read(created)).toStrictEqual(VALUES);
    for (const [id, change] of [
      [saved, (session: object) => here.save(saved, Object.assign(session, VALUES))],
      [updated, (session: object) => here.update(session, (data) => Object.assign(data, VALUES))],
    ] as const) {
      const session = { first: 1 };
      await here.create(id, session);
      await change(session);
      expect(await there.read(id)).toStrictEqual({ first: 1, ...VALUES });
    }
  });

  test('semantics 17: a far end is the same on every storage: the absolute age, or over at once', async () => {
    const [here, there] = [await open(), await open()];
    for (const [value, isLive] of FAR_ENDS) {
      const expiry = expiryFrom(value);
      const [fresh, stored] = [newSessionId(), newSessionId()];
      const session = { step: 1 };
      here.expire(session, expiry);
      await here.create(fresh, session);
      const other = { step: 1 };
      await here.create(stored, other);
      here.expire(other, expiry);
      await here.save(stored, other);
      for (const id of [fresh, stored]) {
        const read = await there.read(id);
        expect({ value, read }).toEqual({ value, read: isLive ? { step: 1 } : undefined });
        if (!read) continue;
        expect(there.origins.of(read)?.record).toMatchObject({ ...expiry, expiresAtMs: fixture().clock.now() + LIFETIMES.absoluteAgeMs });
        await there.save(id, Object.assign(read, { step: 2 }));
        expect(await here.read(id)).toEqual({ step: 2 });
      }
    }
    expect(fixture().corruptions).toEqual([]);
  });
}
