import { byTier } from '@gatehouse/prisma/testing/by-tier';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { TestUser } from './conformance/engine-fixture.ts';
import { createBrowser, handleIn, type Answer, type Browser } from './test-support/browser.ts';
import { openRaceFixture, RACE_STORAGES, times, type RaceFixture } from './test-support/race-fixture.ts';
import { oneBrowserAt, sameBrowserAt } from './test-support/race-processes.ts';

// docs/races.md over HTTP: two server processes, a third process for administration, and random timing.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 60_000 });

const REQUESTS = ['sign out', 'rotate', 're-authenticate', 'sign in again', 'sign in as another', 'write', 'visit'] as const;
const ADMINISTRATION = ['revoke', 'revoke user', 'revoke all', 'purge', 'suspend', 'change credentials'] as const;
const OPERATIONS = [...REQUESTS, ...ADMINISTRATION];
type Operation = (typeof OPERATIONS)[number];

const PAIRS = OPERATIONS.flatMap((one, index) => OPERATIONS.slice(index).map((other): Operation[] => [one, other]));
const ENDS: readonly Operation[] = ['sign out', 'revoke', 'revoke user', 'revoke all', 'suspend', 'change credentials'];
const SIGN_INS: readonly Operation[] = ['sign in again', 'sign in as another'];

const upTo = (ms: number): number => Math.floor(Math.random() * ms);

/** Any value other than 0 is a defect. */
interface Defects {
  /** Cookies that open an ended session. */
  aliveAfterEnd: number;
  /** Ends that were answered "not found", although nothing else had ended the session. */
  endedUnseen: number;
  /** Browsers whose session was not ended but no longer works. */
  lockedOut: number;
  /** Writes that were answered with 200 but are lost. */
  lostWrites: number;
  /** Responses that the table does not list. */
  strangeAnswers: number;
  /** 409 responses with a cookie. */
  cookiesOfLosers: number;
  /** Live sessions of a browser other than the one it uses. */
  strays: number;
}

const none = (): Defects => ({
  aliveAfterEnd: 0,
  endedUnseen: 0,
  lockedOut: 0,
  lostWrites: 0,
  strangeAnswers: 0,
  cookiesOfLosers: 0,
  strays: 0,
});

interface Ran {
  readonly operation: Operation;
  readonly answer?: Answer;
  readonly ended?: number;
  readonly key?: string;
}

describe.each(RACE_STORAGES)('races.md over HTTP, $name', (storage) => {
  let fixture: RaceFixture;
  beforeAll(async () => {
    fixture = await openRaceFixture(storage);
  });
  afterAll(() => fixture.close());

  const at = (index: number): string => fixture.servers[index % 2 === 0 ? 0 : 1].url;
  const signedInWith = async (browser: Browser): Promise<boolean> => (await fixture.me(browser)).signedIn;
  const withCookie = (cookie: string, index = 0): Browser => createBrowser(at(index), new Map([['sessionid', cookie]]));

  /** One operation on the browser's session, at a random moment within the next milliseconds. */
  async function run(operation: Operation, { browser, handle, owner, another, index }: Target): Promise<Ran> {
    const delays = `before=${upTo(8)}&after=${upTo(4)}`;
    const post = async (path: string, query = ''): Promise<Ran> => ({
      operation,
      answer: await fixture.count(browser.post(`${path}?${delays}${query}`)),
    });
    const wait = () => new Promise((resolve) => setTimeout(resolve, upTo(12)));
    const administer = async (work: () => Promise<number | boolean | void>): Promise<Ran> => {
      await wait();
      return { operation, ended: Number(await work()) };
    };
    switch (operation) {
      case 'sign out':
        return post('/sign-out');
      case 'rotate':
        return post('/rotate');
      case 're-authenticate':
        return post('/re-authenticate', `&epoch=${owner.credentialEpoch}`);
      case 'sign in again':
        return { operation, answer: await fixture.signIn(browser, owner, `&${delays}`) };
      case 'sign in as another':
        return { operation, answer: await fixture.signIn(browser, another, `&${delays}`) };
      case 'write':
        return { ...(await post('/write', `&key=written${index}`)), key: `written${index}` };
      case 'visit':
        return { operation, answer: await fixture.count(browser.get(`/me?${delays}`)) };
      case 'revoke':
        return administer(() => fixture.engine.destroy(handle, { ofUser: owner.user.id }));
      case 'revoke user':
        return administer(() => fixture.engine.destroyByUser(owner.user.id));
      case 'revoke all':
        return administer(() => fixture.engine.destroyAll());
      case 'purge':
        return administer(() => fixture.engine.purgeExpired(10));
      case 'suspend':
        return administer(() => fixture.accounts.suspend(owner.user.id));
      case 'change credentials':
        return administer(() => fixture.accounts.raiseEpoch(owner.user.id).then(() => undefined));
    }
  }

  /** Runs several concurrent operations on one browser's session, and returns deviations from races.md. */
  async function race(operations: readonly Operation[]): Promise<{ defects: Defects; ran: readonly Ran[] }> {
    const [owner, another] = [await fixture.accounts.create(), await fixture.accounts.create()];
    const first = await fixture.signedIn(owner);
    const jar = first.cookies;
    const before = jar.get('sessionid') ?? '';
    const handle = handleIn(before);
    const browsers = [first, oneBrowserAt(at(1), first)];
    const ran = await Promise.all(
      operations.map((operation, index) => run(operation, { browser: browsers[index % 2] ?? first, handle, owner, another, index })),
    );
    const has = (...some: readonly Operation[]): boolean => operations.some((operation) => some.includes(operation));
    const done = (...some: readonly Operation[]): Ran[] =>
      ran.filter(({ operation, answer }) => some.includes(operation) && answer?.status === 200);
    const defects = none();

    for (const { operation, answer } of ran) {
      if (!answer) continue;
      const { status, setCookies } = answer;
      const isExpected =
        status === 200 ||
        (operation !== 'sign out' &&
          operation !== 'visit' &&
          (status === 401 || status === 409 || (status === 403 && has('suspend', 'change credentials'))));
      if (!isExpected) defects.strangeAnswers += 1;
      if (status === 409 && setCookies.length > 0) defects.cookiesOfLosers += 1;
    }

    // Every cookie that this browser has had.
    const cookies = new Set(
      [before, ...ran.flatMap(({ answer }) => (answer?.setCookies ?? []).map(valueIn))].filter((value) => value !== ''),
    );
    const opening = new Map<string, string[]>();
    for (const cookie of cookies)
      if (await signedInWith(withCookie(cookie, cookies.size)))
        opening.set(handleIn(cookie), [...(opening.get(handleIn(cookie)) ?? []), cookie]);

    const isEnded = has(...ENDS);
    if (isEnded) defects.aliveAfterEnd += (opening.get(handle) ?? []).length;
    if (isEnded && (await fixture.engine.find(handle))) defects.aliveAfterEnd += 1;
    const ofOwner = (await fixture.engine.listByUser(owner.user.id)).sessions;
    const ofAnother = (await fixture.engine.listByUser(another.user.id)).sessions;
    if (has('suspend', 'change credentials')) defects.aliveAfterEnd += ofOwner.length;

    const enders = ran.filter(({ operation }) => ENDS.includes(operation));
    const only = enders.length === 1 && !has(...SIGN_INS) ? enders[0] : undefined;
    if (only && ['revoke', 'revoke user', 'revoke all'].includes(only.operation) && only.ended === 0) defects.endedUnseen += 1;

    const live = [...ofOwner, ...ofAnother].map(({ record }) => record.handle);
    // A sign-in after the secret was invalidated or the session ended creates an independent session.
    const mayBeMore = has('sign in again', 're-authenticate') || isEnded ? done(...SIGN_INS).length : 0;
    if (live.length > Math.max(1, mayBeMore + (isEnded ? 0 : 1))) defects.strays += 1;
    if (!isEnded && live.length === 0) defects.lockedOut += 1;
    // Of two responses with a cookie the last one is valid. If it is a claimed session's, a sign-in replaces it.
    const areBothAnswered = has('sign in as another') && done('rotate', 're-authenticate', 'sign in again', 'write').length > 0;
    if (!isEnded && !areBothAnswered && !(await signedInWith(oneBrowserAt(at(0), first)))) defects.lockedOut += 1;

    const stored = (await fixture.engine.find(handle))?.record.data;
    if (stored) for (const { key } of done('write')) if (key !== undefined && stored[key] !== true) defects.lostWrites += 1;
    await fixture.engine.destroyByUser(owner.user.id);
    await fixture.engine.destroyByUser(another.user.id);
    return { defects, ran };
  }

  async function raceAll(races: readonly (readonly Operation[])[], name: string): Promise<void> {
    const found = new Map<string, Defects>();
    const statuses = new Map<number, number>();
    for (const operations of races) {
      const { defects, ran } = await race(operations);
      for (const { answer } of ran) if (answer) statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      if (Object.values(defects).every((count) => count === 0)) continue;
      const key = operations.join(' + ');
      const sum = found.get(key) ?? none();
      for (const [kind, count] of Object.entries(defects)) sum[kind as keyof Defects] += count as number;
      found.set(key, sum);
    }
    console.log(
      `${storage.name}: ${name}: ${races.length} races, answers ${JSON.stringify(Object.fromEntries(statuses))}, defects ${JSON.stringify(Object.fromEntries(found))}`,
    );
    expect(Object.fromEntries(found)).toEqual({});
  }

  test('any two operations', async () => {
    const runs = byTier(1, 3);
    await raceAll(
      PAIRS.flatMap((pair) => Array.from({ length: runs }, () => (Math.random() < 0.5 ? pair : pair.toReversed()))),
      'pairs',
    );
  });

  test('any three operations, sampled', async () => {
    const any = (): Operation => OPERATIONS[upTo(OPERATIONS.length)] ?? 'visit';
    await raceAll(
      Array.from({ length: byTier(20, 100) }, () => [any(), any(), any()]),
      'triples',
    );
  });

  // Sequences that fail if a rotation creates a second record.
  test('semantics 46: the secret changes twice, then a sign-out with the first cookie: nobody is signed in', async () => {
    const tries = byTier(15, 40);
    const alive = await times(tries, async () => {
      const browser = await fixture.signedIn(await fixture.accounts.create());
      const first = sameBrowserAt(at(1), browser);
      const seen = [browser.cookies.get('sessionid') ?? ''];
      const rotating = (async () => {
        for (let round = 0; round < 2; round += 1) {
          await fixture.count(browser.post('/rotate'));
          seen.push(browser.cookies.get('sessionid') ?? '');
        }
      })();
      const out = await fixture.count(first.post(`/sign-out?before=${upTo(20)}`));
      await rotating;
      const opens = await Promise.all(seen.map((cookie) => signedInWith(withCookie(cookie))));
      return out.status !== 200 || opens.includes(true);
    });
    console.log(`${storage.name}: signed in after a sign-out beside two rotations: ${alive.filter(Boolean).length} of ${tries}`);
    expect(alive.filter(Boolean)).toHaveLength(0);
  });

  test('semantics 46: a session ended by its handle while it rotates: it is found, and it ends', async () => {
    const tries = byTier(20, 60);
    let [unseen, alive] = [0, 0];
    for (let round = 0; round < tries; round += 1) {
      const owner = await fixture.accounts.create();
      const browser = await fixture.signedIn(owner);
      const before = browser.cookies.get('sessionid') ?? '';
      const rotating = fixture.count(browser.post('/rotate'));
      await new Promise((resolve) => setTimeout(resolve, upTo(6)));
      if (!(await fixture.engine.destroy(handleIn(before), { ofUser: owner.user.id }))) unseen += 1;
      await rotating;
      for (const cookie of [before, browser.cookies.get('sessionid') ?? '']) if (await signedInWith(withCookie(cookie))) alive += 1;
    }
    console.log(`${storage.name}: ended by handle beside a rotation: not found ${unseen}, alive ${alive} of ${tries}`);
    expect({ unseen, alive }).toEqual({ unseen: 0, alive: 0 });
  });

  test('all sessions of a user are ended while one rotates twice: none survives, and all are counted', async () => {
    const tries = byTier(20, 60);
    let [uncounted, alive] = [0, 0];
    for (let round = 0; round < tries; round += 1) {
      const owner = await fixture.accounts.create();
      const browser = await fixture.signedIn(owner);
      const other = await fixture.signedIn(owner);
      const rotating = (async () => {
        for (let again = 0; again < 2; again += 1) await fixture.count(browser.post('/rotate'));
      })();
      await new Promise((resolve) => setTimeout(resolve, upTo(10)));
      if ((await fixture.engine.destroyByUser(owner.user.id)) !== 2) uncounted += 1;
      await rotating;
      for (const one of [browser, other]) if (await signedInWith(one)) alive += 1;
      alive += (await fixture.engine.listByUser(owner.user.id)).sessions.length;
    }
    console.log(`${storage.name}: ended with the user beside two rotations: not counted ${uncounted}, alive ${alive} of ${tries}`);
    expect({ uncounted, alive }).toEqual({ uncounted: 0, alive: 0 });
  });
});

interface Target {
  readonly browser: Browser;
  readonly handle: string;
  readonly owner: TestUser;
  readonly another: TestUser;
  readonly index: number;
}

/** The value in a Set-Cookie header; empty if it removes the cookie. */
const valueIn = (header: string): string =>
  header.split('; ').includes('Max-Age=0') ? '' : (header.slice(header.indexOf('=') + 1).split('; ')[0] ?? '');
