import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { STORAGES, type TestStorage } from '../test-support/storages.ts';
import type { BucketStore } from './bucket-store.ts';
import { DAY_MS } from './bucket.ts';
import { createSignInLimits, type LimitSettings, type SignInCall, type SignInLimits } from './sign-in-limits.ts';

vi.setConfig({ hookTimeout: 30_000 });

/** Budgets and waits as Keycloak and django-axes test theirs, with a clock of the tests' own. */
const SETTINGS: LimitSettings = { accountFailures: 3, addressFailures: 5, windowMs: 60_000 };
const HERE = '192.0.2.1';
const ELSEWHERE = '198.51.100.2';

describe.each(STORAGES)('limits in $name', (kind) => {
  let nowMs = 0;
  let storage: TestStorage | undefined;
  let limits: SignInLimits;
  /** As another process has it. */
  let other: SignInLimits;

  const on = (place: BucketStore, settings: Partial<LimitSettings> = {}): SignInLimits =>
    createSignInLimits({ store: place, settings: { ...SETTINGS, ...settings }, secret: 'secret', timeoutMs: 5000, now: () => nowMs });
  const call = (identifierKey: string, address = HERE, device?: string): SignInCall => ({
    identifierKey,
    address,
    device: device === undefined ? undefined : { userId: identifierKey, device },
  });
  const isLetThrough = async (...what: Parameters<typeof call>): Promise<boolean> => (await limits.attempt(call(...what))).ok;
  async function fail(times: number, ...what: Parameters<typeof call>): Promise<void> {
    for (let done = 0; done < times; done += 1) {
      if (!(await isLetThrough(...what))) throw new Error(`Attempt ${done + 1} was refused.`);
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
    limits = on(stores[0]);
    other = on(stores[1]);
  });
  afterAll(() => storage?.stop());

  test('an account is slowed down from whatever address; other accounts are not', async () => {
    await fail(2, 'ada', HERE);
    await fail(1, 'ada', ELSEWHERE);
    expect(await limits.attempt(call('ada', HERE))).toEqual({ ok: false, retryAfterMs: 1000 });
    expect(await limits.attempt(call('ada', ELSEWHERE))).toEqual({ ok: false, retryAfterMs: 1000 });
    expect(await isLetThrough('eve', HERE)).toBe(true);
    expect(await isLetThrough('eve', ELSEWHERE)).toBe(true);
    nowMs += 1000;
    expect(await isLetThrough('ada', HERE)).toBe(true);
    expect(await limits.attempt(call('ada', HERE))).toEqual({ ok: false, retryAfterMs: 2000 });
  });

  test('an address is slowed down whatever accounts it tries, by the /64; other addresses are not', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await fail(1, name, '2001:db8::1');
    await fail(1, 'e', '2001:db8::2');
    expect(await limits.attempt(call('f', '2001:db8::3'))).toEqual({ ok: false, retryAfterMs: 1000 });
    expect(await isLetThrough('f', '2001:db8:0:1::1')).toBe(true);
  });

  test('no address is one bucket, not none', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) expect((await limits.attempt({ identifierKey: name, address: undefined })).ok).toBe(true);
    expect((await limits.attempt({ identifierKey: 'f', address: undefined })).ok).toBe(false);
  });

  test.each([
    ['by account alone', { addressFailures: 0 }, [false, false, true, true]],
    ['by address alone', { accountFailures: 0 }, [false, true, false, true]],
    ['by either', {}, [false, false, false, true]],
    ['by neither', { accountFailures: 0, addressFailures: 0 }, [true, true, true, true]],
  ])('limits %s: {same, other account} × {same, other address}', async (_, settings, expected) => {
    limits = on(storage!.stores[0], { accountFailures: 4, addressFailures: 4, ...settings });
    await fail(4, 'ada', HERE);
    const tried = [
      ['ada', HERE],
      ['ada', ELSEWHERE],
      ['eve', HERE],
      ['eve', ELSEWHERE],
    ] as const;
    const outcomes = [];
    for (const [name, address] of tried) outcomes.push(await isLetThrough(name, address));
    expect(outcomes).toEqual(expected);
  });

  test('thirty at once are counted before any is verified, by two processes as by one', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? limits : other).attempt(call('ada', `192.0.2.${index}`))),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(3);
  });

  test('of two that come at once for the last attempt exactly one is let through', async () => {
    await fail(2, 'ada');
    const outcomes = await Promise.all([limits.attempt(call('ada', HERE)), other.attempt(call('ada', ELSEWHERE))]);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test('a success forgets what counted against the account, under each of its names, and not what counted against the address', async () => {
    await fail(2, 'ada');
    await fail(2, 'ada@example.org', ELSEWHERE);
    const attempt = await limits.attempt(call('ada'));
    if (!attempt.ok) throw new Error('Refused.');
    await attempt.succeeded(['ada', 'ada@example.org']);
    await fail(2, 'ada', '203.0.113.1');
    await fail(2, 'ada@example.org', '203.0.113.2');
    await fail(3, 'eve', HERE);
    expect(await isLetThrough('max', HERE)).toBe(false);
  });

  test('successes do not use up an address: a whole office signs in', async () => {
    for (let person = 0; person < 20; person += 1) await succeed(`person${person}`);
    expect(await isLetThrough('ada')).toBe(true);
  });

  test('an attempt that was not made does not count', async () => {
    for (let tries = 0; tries < 10; tries += 1) {
      const attempt = await limits.attempt(call('ada'));
      if (!attempt.ok) throw new Error('Refused.');
      await attempt.notMade();
    }
    expect(await isLetThrough('ada')).toBe(true);
  });

  test('an attempt that the account refuses does not count against the address, and the other way round', async () => {
    await fail(3, 'ada', HERE);
    for (let tries = 0; tries < 10; tries += 1) expect(await isLetThrough('ada', HERE)).toBe(false);
    await fail(2, 'eve', HERE);
    for (let tries = 0; tries < 10; tries += 1) expect(await isLetThrough('max', HERE)).toBe(false);
    await fail(3, 'max', ELSEWHERE);
  });

  test('security 16: a device that signed in before has a budget of its own, whatever strangers do', async () => {
    await fail(3, 'ada', ELSEWHERE);
    for (const name of ['a', 'b', 'c', 'd', 'e']) await fail(1, name, HERE);
    expect(await isLetThrough('ada', HERE)).toBe(false);
    await fail(3, 'ada', HERE, 'laptop-of-ada');
    expect(await isLetThrough('ada', HERE, 'laptop-of-ada')).toBe(false);
    nowMs += 1000;
    await succeed('ada', HERE, 'laptop-of-ada');
    await fail(3, 'ada', HERE, 'laptop-of-ada');
  });

  test('what fails on a device that is known does not lock the account for others', async () => {
    await fail(3, 'ada', HERE, 'stolen');
    expect(await isLetThrough('ada', ELSEWHERE)).toBe(true);
  });

  test('an account has eight budgets for devices at most, however many tokens there are', async () => {
    let letThrough = 0;
    for (let device = 0; device < 64; device += 1) {
      const name = Buffer.from([device, ...Array<number>(15).fill(0)]).toString('base64url');
      for (let tries = 0; tries < 3; tries += 1) if (await isLetThrough('ada', HERE, name)) letThrough += 1;
    }
    expect(letThrough).toBe(8 * 3);
  });

  test('failures are forgotten: an address’s after the window, an account’s after a day', async () => {
    await fail(3, 'ada');
    nowMs += 61_000 + SETTINGS.windowMs;
    await fail(1, 'ada');
    expect(await isLetThrough('ada')).toBe(false);
    nowMs += 2000 + DAY_MS;
    await fail(3, 'ada');
  });

  test('cleared: one account with its devices, one address, or all', async () => {
    const fillAll = async () => {
      await fail(3, 'ada', '203.0.113.1');
      await fail(3, 'eve', '203.0.113.2');
      await fail(3, 'ada', HERE, 'laptop-of-ada');
      for (const name of ['a', 'b', 'c', 'd', 'e']) await fail(1, name, HERE);
    };
    const open = () =>
      Promise.all([
        isLetThrough('ada', '203.0.113.3'),
        isLetThrough('ada', HERE, 'laptop-of-ada'),
        isLetThrough('eve', '203.0.113.3'),
        isLetThrough('max', HERE),
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

  test('clearing what is not locked is no error', async () => {
    await limits.unlockAccount({ identifierKeys: ['nobody'] });
    await limits.unlockAddress('junk');
    expect(await limits.unlockAll()).toBe(0);
  });

  test('what is forgotten is removed, and nothing else', async () => {
    await fail(1, 'ada');
    nowMs += SETTINGS.windowMs + 1;
    const removed = await limits.purgeExpired(500);
    // Redis does so by itself.
    expect(removed).toBe(kind.name === 'Redis' ? 0 : 1);
    expect(await limits.purgeExpired(500)).toBe(0);
    await fail(2, 'ada', ELSEWHERE);
    expect(await isLetThrough('ada', ELSEWHERE)).toBe(false);
  });
});
