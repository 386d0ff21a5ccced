import { expect } from 'vitest';
import type { Engine, SessionRecord } from '../engine-port.ts';
import { hashSecret, type SessionToken } from '../session-id.ts';
import type { TestUser } from './engine-fixture.ts';
import type { Witness } from './race-steps.ts';
import type { Answered } from './requests.ts';

/** The rows of docs/races.md. */
export const OPERATIONS = [
  'sign out',
  'revoke',
  'revoke user',
  'revoke all',
  'rotate',
  're-authenticate',
  'sign in again',
  'sign in as another',
  'write',
  'visit',
  'purge',
  'suspend',
  'change credentials, killed before the commit',
  'change credentials, killed after the commit',
] as const;
export type Operation = (typeof OPERATIONS)[number];

const OF_HANDLE: readonly Operation[] = ['sign out', 'revoke'];
const OF_ACCOUNT: readonly Operation[] = ['suspend', 'change credentials, killed after the commit'];
const CHANGES_OF_SECRET: readonly Operation[] = ['rotate', 're-authenticate', 'sign in again'];

export interface Start {
  readonly isSignedIn: boolean;
  readonly isPresented: boolean;
  readonly isOverlapping: boolean;
}

/** One operation of a race and its result. */
export interface Ran {
  readonly operation: Operation;
  /** undefined if it is not a request of the browser. */
  readonly request?: Answered;
  /** Number of sessions that it reported as ended. */
  readonly ended?: number;
  readonly value?: string;
}

export interface Race {
  readonly engine: Engine;
  readonly start: Start;
  readonly record: SessionRecord;
  readonly owner: TestUser;
  readonly bystander: SessionRecord;
  readonly witness: Witness;
  readonly ran: readonly Ran[];
  /** The browser's cookie at the end. */
  readonly browser: SessionToken | undefined;
}

/** Checks the state after a race against docs/races.md. */
export async function checkRace(race: Race): Promise<void> {
  const { engine, start: begin, record, owner, bystander, witness, ran, browser } = race;
  const has = (...operations: readonly Operation[]): boolean => ran.some(({ operation }) => operations.includes(operation));
  const answered = (...operations: readonly Operation[]): Answered[] =>
    ran.flatMap(({ operation, request }) => (request && operations.includes(operation) ? [request] : []));

  // The live sessions are exactly those that can be opened, are listed and are counted.
  const live = await liveOf(race);
  const listed = (await engine.list({ limit: 100 })).sessions.map((session) => session.record.handle);
  expect(listed.sort()).toEqual([...live.keys()].sort());
  expect(await engine.count()).toMatchObject({ sessions: live.size });
  expect((await engine.listByUser(owner.user.id)).sessions.map((session) => session.record.handle).sort()).toEqual(
    [...live.values()]
      .filter(({ userId }) => userId === owner.user.id)
      .map(({ handle }) => handle)
      .sort(),
  );
  expect(live.has(bystander.handle)).toBe(!has('revoke all'));

  // Ended sessions are not live, and neither are their successors.
  const endsOfOwner = begin.isSignedIn ? (['revoke user', ...OF_ACCOUNT] as const) : [];
  const isEnded = has(...OF_HANDLE, 'revoke all', ...endsOfOwner);
  if (isEnded) expect(live.has(record.handle)).toBe(false);
  // Ending all of a user's sessions also removes claimed ones, and with them the link to a successor, which may be
  // another user's.
  const isWayThere = !begin.isSignedIn || !has('revoke user', 'suspend');
  if (has(...OF_HANDLE) && isWayThere) for (const { successor } of witness.claims) expect(live.has(successor)).toBe(false);
  if (has(...OF_ACCOUNT)) expect([...live.values()].filter(({ userId }) => userId === owner.user.id)).toEqual([]);
  // The operation that ends a session is not told that there was none. The commit of an account's change also ends
  // sessions.
  const enders = ran.filter(({ operation }) => [...OF_HANDLE, 'revoke all', ...endsOfOwner].includes(operation));
  if (enders.length === 1 && !has(...OF_ACCOUNT) && witness.claims.length === 0 && enders[0]?.ended !== undefined)
    expect(enders[0].ended).toBeGreaterThanOrEqual(1);

  // At most one change of the secret succeeds, and exactly one if nothing else interferes. A failed one sends no
  // cookie.
  const changes = answered(...CHANGES_OF_SECRET).filter(
    ({ answer, cookie }) => answer === 'ok' && typeof cookie === 'object' && cookie.handle === record.handle,
  );
  expect(changes.length).toBeLessThanOrEqual(1);
  const isInTheWay = isEnded || has('sign in as another');
  if (begin.isSignedIn && !isInTheWay && has(...CHANGES_OF_SECRET)) expect(changes).toHaveLength(1);
  for (const { request } of ran) if (request?.answer === 'conflict') expect(request.cookie).toBeUndefined();

  // A request only fails for an allowed reason.
  for (const { request, operation } of ran) {
    if (!request) continue;
    if (operation === 'visit' || operation === 'sign out') expect(request.answer).toBe('ok');
    if (request.answer === 'refused') expect(has(...OF_ACCOUNT)).toBe(true);
    if (request.answer === 'ended' && operation !== 'sign in again' && operation !== 'sign in as another')
      expect(isInTheWay || has('sign in again', 're-authenticate')).toBe(true);
    if (request.answer === 'conflict') expect(answered(...CHANGES_OF_SECRET, 'sign in as another').length).toBeGreaterThanOrEqual(2);
  }

  // No acknowledged write is lost, unless its session has ended.
  const written = ran.flatMap(({ request, value }) => (request?.answer === 'ok' && value !== undefined ? [value] : []));
  const stored = live.get(record.handle);
  if (stored)
    expect(stored.data).toMatchObject({ before: true, ...Object.fromEntries(written.map((value) => [`written-${value}`, true])) });
  const successor = live.get(witness.claims.at(-1)?.successor ?? '');
  if (successor && !begin.isSignedIn && written.length > 0) expect(written.map((value) => `/${value}`)).toContain(successor.data['next']);

  // The browser has the cookie of the live session. A sign-in that found its browser's session ended claims nothing, so
  // only its cookie leads to it.
  if (begin.isOverlapping) return;
  const isPlaceless = answered('sign in again', 'sign in as another').some(
    ({ cookie }) =>
      typeof cookie === 'object' && cookie.handle !== record.handle && !witness.claims.some(({ successor }) => successor === cookie.handle),
  );
  const others = [...live.keys()].filter((handle) => handle !== bystander.handle && handle !== browser?.handle);
  if (!isPlaceless && isWayThere) expect(others).toEqual([]);
  const held = browser && live.get(browser.handle);
  if (!isEnded && !has(...OF_ACCOUNT, 'revoke user')) expect(held).toBeDefined();
  if (held && browser)
    expect(await engine.load(browser.handle, { secretHash: hashSecret(browser.secret) })).toMatchObject({ secret: 'current' });
}

/** The live sessions by handle. Each can be opened with its current secret and at most one other; other sessions with none. */
async function liveOf({ engine, witness, bystander }: Race): Promise<Map<string, SessionRecord>> {
  const live = new Map<string, SessionRecord>();
  for (const [handle, hashes] of [...witness.hashes, [bystander.handle, new Set([bystander.secretHash])]] as const) {
    const found = await engine.find(handle);
    const outcomes = await Promise.all([...hashes].map((secretHash) => engine.load(handle, { secretHash })));
    const secrets = outcomes.flatMap((outcome) => (outcome.status === 'live' ? [outcome.secret] : []));
    expect(secrets.filter((secret) => secret === 'current')).toHaveLength(found ? 1 : 0);
    expect(secrets.length).toBeLessThanOrEqual(found ? 2 : 0);
    if (found) live.set(handle, found.record);
  }
  return live;
}
