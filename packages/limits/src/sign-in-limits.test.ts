import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { STORAGES, type TestStorage } from '../test-support/storages.ts';
import type { BucketStore } from './bucket-store.ts';
import { DAY_MS } from './bucket.ts';
import { createSignInLimits, type LimitSettings, type SignInCall, type SignInLimits } from './sign-in-limits.ts';

vi.setConfig({ hookTimeout: 30_000 });

/** Modelled on the tests of Keycloak and django-axes, with a fake clock. */
const SETTINGS: LimitSettings = { accountFailures: 3, addressFailures: 5, windowMs: 60_000 };
const HERE = '192.0.2.1';
const ELSEWHERE = '198.51.100.2';

describe.each(STORAGES)('limits in $name', (kind) => {
  let nowMs = 0;
  let storage: TestStorage | undefined;
  let limits: SignInLimits;
  /** The same limits in another process. */
  let other: SignInLimits;

  const limitsIn = (store: BucketStore, settings: Partial<LimitSettings> = {}): SignInLimits =>
    createSignInLimits({ store, settings: { ...SETTINGS, ...settings }, secret: 'secret', timeoutMs: 5000, now: () => nowMs });
  const call = (identifierKey: string, address = HERE, device?: string): SignInCall => ({
    identifierKey,
    address,
    device: device === undefined ? undefined : { userId: identifierKey, device },
  });
  const isAllowed = async (...what: Parameters<typeof call>): Promise<boolean> => (await limits.attempt(call(...what))).ok;
  async function fail(times: number, ...what: Parameters<typeof call>): Promise<void> {
    for (let done = 0; done < times; done += 1) {
      if (!(await isAllowed(...what))) throw new Error(`Attempt ${done + 1} was refused.`);
    }
  }
  async function succeed(...what: Parameters<typeof call>): Promise<void> {
    const attempt = await limits.attempt(call(...what));
    if (!attempt.ok) throw new Error('Refused.');
    await attempt.succeeded([what[0]]);
  }

  beforeEach(async ({ skip }) => {
    if (!kind.available) return skip();
    nowMs = 1_900_000_000_000;
    const { stores } = (storage ??= await kind.start(() => nowMs));
    await stores[0].removeAll();
    limits = limitsIn(stores[0]);
    other = limitsIn(stores[1]);
  });
  afterAll(() => storage?.stop());

  test('an account is delayed for every address; other accounts are not', async () => {
    await fail(2, 'ada', HERE);
    await fail(1, 'ada', ELSEWHERE);
    expect(await limits.attempt(call('ada', HERE))).toEqual({ ok: false, retryAfterMs: 1000 });
    expect(await limits.attempt(call('ada', ELSEWHERE))).toEqual({ ok: false, retryAfterMs: 1000 });
    expect(await isAllowed('eve', HERE)).toBe(true);
    expect(await isAllowed('eve', ELSEWHERE)).toBe(true);
    nowMs += 1000;
    expect(await isAllowed('ada', HERE)).toBe(true);
    expect(await limits.attempt(call('ada', HERE))).toEqual({ ok: false, retryAfterMs: 2000 });
  });

  test('an address, or IPv6 /64, is delayed for every account; other addresses are not', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await fail(1, name, '2001:db8::1');
    await fail(1, 'e', '2001:db8::2');
    expect(await limits.attempt(call('f', '2001:db8::3'))).toEqual({ ok: false, retryAfterMs: 1000 });
    expect(await isAllowed('f', '2001:db8:0:1::1')).toBe(true);
  });

  test('calls without an address share one bucket', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) expect((await limits.attempt({ identifierKey: name, address: undefined })).ok).toBe(true);
    expect((await limits.attempt({ identifierKey: 'f', address: undefined })).ok).toBe(false);
  });

  test.each([
    ['by account alone', { addressFailures: 0 }, [false, false, true, true]],
    ['by address alone', { accountFailures: 0 }, [false, true, false, true]],
    ['by either', {}, [false, false, false, true]],
    ['by neither', { accountFailures: 0, addressFailures: 0 }, [true, true, true, true]],
  ])('limits %s: {same, other account} × {same, other address}', async (_, settings, expected) => {
    limits = limitsIn(storage!.stores[0], { accountFailures: 4, addressFailures: 4, ...settings });
    await fail(4, 'ada', HERE);
    const tried = [
      ['ada', HERE],
      ['ada', ELSEWHERE],
      ['eve', HERE],
      ['eve', ELSEWHERE],
    ] as const;
    const outcomes = [];
    for (const [name, address] of tried) outcomes.push(await isAllowed(name, address));
    expect(outcomes).toEqual(expected);
  });

  test('thirty concurrent attempts in two processes are counted before any password is verified', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? limits : other).attempt(call('ada', `192.0.2.${index}`))),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(3);
  });

  test('if two processes use the last attempt at the same time, exactly one is allowed', async () => {
    await fail(2, 'ada');
    const outcomes = await Promise.all([limits.attempt(call('ada', HERE)), other.attempt(call('ada', ELSEWHERE))]);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test('a success resets the failures of the account under each of its names, but not those of the address', async () => {
    await fail(2, 'ada');
    await fail(2, 'ada@example.org', ELSEWHERE);
    const attempt = await limits.attempt(call('ada'));
    if (!attempt.ok) throw new Error('Refused.');
    await attempt.succeeded(['ada', 'ada@example.org']);
    await fail(2, 'ada', '203.0.113.1');
    await fail(2, 'ada@example.org', '203.0.113.2');
    await fail(3, 'eve', HERE);
    expect(await isAllowed('max', HERE)).toBe(false);
  });

  test('successes do not count against an address, so a whole office can sign in', async () => {
    for (let person = 0; person < 20; person += 1) await succeed(`person${person}`);
    expect(await isAllowed('ada')).toBe(true);
  });

  test('a cancelled attempt does not count', async () => {
    for (let tries = 0; tries < 10; tries += 1) {
      const attempt = await limits.attempt(call('ada'));
      if (!attempt.ok) throw new Error('Refused.');
      await attempt.cancelled();
    }
    expect(await isAllowed('ada')).toBe(true);
  });

  test('an attempt that is refused for its account does not count against the address, and vice versa', async () => {
    await fail(3, 'ada', HERE);
    for (let tries = 0; tries < 10; tries += 1) expect(await isAllowed('ada', HERE)).toBe(false);
    await fail(2, 'eve', HERE);
    for (let tries = 0; tries < 10; tries += 1) expect(await isAllowed('max', HERE)).toBe(false);
    await fail(3, 'max', ELSEWHERE);
  });

  test('security 16: a known device has its own budget, which attackers cannot use up', async () => {
    await fail(3, 'ada', ELSEWHERE);
    for (const name of ['a', 'b', 'c', 'd', 'e']) await fail(1, name, HERE);
    expect(await isAllowed('ada', HERE)).toBe(false);
    await fail(3, 'ada', HERE, 'laptop-of-ada');
    expect(await isAllowed('ada', HERE, 'laptop-of-ada')).toBe(false);
    nowMs += 1000;
    await succeed('ada', HERE, 'laptop-of-ada');
    await fail(3, 'ada', HERE, 'laptop-of-ada');
  });

  test('failures on a known device do not lock the account elsewhere', async () => {
    await fail(3, 'ada', HERE, 'stolen');
    expect(await isAllowed('ada', ELSEWHERE)).toBe(true);
  });

  test('an account has at most eight device budgets, no matter how many tokens exist', async () => {
    let allowed = 0;
    for (let device = 0; device < 64; device += 1) {
      const name = Buffer.from([device, ...Array<number>(15).fill(0)]).toString('base64url');
      for (let tries = 0; tries < 3; tries += 1) if (await isAllowed('ada', HERE, name)) allowed += 1;
    }
    expect(allowed).toBe(8 * 3);
  });

  test('failures of an address are forgotten after the window, those of an account after a day', async () => {
    await fail(3, 'ada');
    nowMs += 61_000 + SETTINGS.windowMs;
    await fail(1, 'ada');
    expect(await isAllowed('ada')).toBe(false);
    nowMs += 2000 + DAY_MS;
    await fail(3, 'ada');
  });

  test('unlocking works for one account with its devices, for one address, and for all', async () => {
    const fillAll = async () => {
      await fail(3, 'ada', '203.0.113.1');
      await fail(3, 'eve', '203.0.113.2');
      await fail(3, 'ada', HERE, 'laptop-of-ada');
      for (const name of ['a', 'b', 'c', 'd', 'e']) await fail(1, name, HERE);
    };
    const open = () =>
      Promise.all([
        isAllowed('ada', '203.0.113.3'),
        isAllowed('ada', HERE, 'laptop-of-ada'),
        isAllowed('eve', '203.0.113.3'),
        isAllowed('max', HERE),
      ]);
    await fillAll();
    expect(await open()).toEqual([false, false, false, false]);
    await other.unlockAccount({ identifierKeys: ['ada'], userId: 'ada' });
    expect(await open()).toEqual([true, true, false, false]);
    await other.unlockAddress(HERE);
    expect(await open()).toEqual([true, true, false, true]);
    expect(await other.unlockAll()).toBeGreaterThan(0);
    expect(await open()).toEqual([true, true, true, true]);
    await other.unlockAll();
    await fillAll();
  });

  test('unlocking something that is not locked does nothing', async () => {
    await limits.unlockAccount({ identifierKeys: ['nobody'] });
    await limits.unlockAddress('junk');
    expect(await limits.unlockAll()).toBe(0);
  });

  test('a purge deletes only expired buckets', async () => {
    await fail(1, 'ada');
    nowMs += SETTINGS.windowMs + 1;
    const removed = await limits.purgeExpired(500);
    // Redis expires keys itself.
    expect(removed).toBe(kind.name === 'Redis' ? 0 : 1);
    expect(await limits.purgeExpired(500)).toBe(0);
    await fail(2, 'ada', ELSEWHERE);
    expect(await isAllowed('ada', ELSEWHERE)).toBe(false);
  });
});
