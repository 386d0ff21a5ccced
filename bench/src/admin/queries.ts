import type { Accounts, UserQuery } from '@gatehouse/accounts';
import type { Engine } from '@gatehouse/session';
import { addressOf, handleOf, userIdOf, type SeedCounts } from './seed.ts';

interface QueryParts extends SeedCounts {
  readonly accounts: Accounts;
  readonly engine: Engine;
  readonly nowMs: number;
}

type Query = () => Promise<unknown>;
/** What is measured, and how it is prepared; the preparation is not measured. */
type Prepared = readonly [name: string, prepare: () => Promise<Query>];

const HOUR_MS = 3_600_000;
const PAGE = { sort: 'name', descending: false, limit: 25 } as const;

export function queries({ accounts, engine, nowMs, users }: QueryParts): Prepared[] {
  const search = (name: string, query: Partial<UserQuery>): Prepared => [
    `users: ${name}`,
    async () => () => accounts.searchUsers({ ...PAGE, ...query }),
  ];
  const audit = (name: string, filter: Omit<Parameters<Accounts['listAudit']>[0], 'limit'>): Prepared => [
    `audit: ${name}`,
    async () => () => accounts.listAudit({ ...filter, limit: 50 }),
  ];

  /** A later page of a search. */
  const deep = (name: string, query: Partial<UserQuery>, number: number): Prepared => [
    `users: ${name}, page ${number}`,
    async () => {
      let after: string | undefined;
      for (let page = 1; page < number; page += 1) after = (await accounts.searchUsers({ ...PAGE, ...query, after })).next ?? after;
      return () => accounts.searchUsers({ ...PAGE, ...query, after });
    },
  ];
  /** With the ids of the users who are signed in. */
  const signedIn = (name: string, query: Partial<UserQuery>): Prepared => [
    `users: signed in now${name}`,
    async () => async () => accounts.searchUsers({ ...PAGE, ...query, among: await engine.signedInUsers(1001) }),
  ];

  return [
    search('no condition, by name', {}),
    deep('no condition, by name', {}, 41),
    search('no condition, newest first', { sort: 'createdAt', descending: true }),
    search('no condition, last sign-in first', { sort: 'lastSignIn', descending: true }),
    deep('no condition, last sign-in first', { sort: 'lastSignIn', descending: true }, 2),
    search('“user12345” (11 accounts)', { text: 'user12345' }),
    search('“mail.777@co”', { text: 'mail.777@co' }),
    search('“marson” (about 7,500)', { text: 'marson' }),
    search('“anna marsonb” (two words)', { text: 'anna marsonb' }),
    search('“zoe” (31,000)', { text: 'zoe' }),
    search('“zoe”, last sign-in first', { text: 'zoe', sort: 'lastSignIn', descending: true }),
    search('“zoe”, newest first', { text: 'zoe', sort: 'createdAt', descending: true }),
    deep('“zoe”', { text: 'zoe' }, 2),
    search('“an” (70,000)', { text: 'an' }),
    search('“an marson” (two frequent words)', { text: 'an marson' }),
    search('“u” (all)', { text: 'u' }),
    search('“company7.example”', { text: 'company7.example' }),
    search('“дмит” in Cyrillic', { text: 'Дмит' }),
    search('administrators', { role: 'admin' }),
    search('suspended (5,000), newest first', { status: 'suspended', sort: 'createdAt', descending: true }),
    search('suspended, by name', { status: 'suspended' }),
    deep('suspended, by name', { status: 'suspended' }, 2),
    search('suspended, last sign-in first', { status: 'suspended', sort: 'lastSignIn', descending: true }),
    search('active (995,000)', { status: 'active' }),
    search('active, last sign-in first', { status: 'active', sort: 'lastSignIn', descending: true }),
    search('active administrators', { role: 'admin', status: 'active' }),
    search('“an”, suspended', { text: 'an', status: 'suspended' }),
    search('“an”, administrators', { text: 'an', role: 'admin' }),
    signedIn('', {}),
    signedIn(', last sign-in first', { sort: 'lastSignIn', descending: true }),
    signedIn(', “an”', { text: 'an' }),
    signedIn(', suspended', { status: 'suspended' }),
    [
      'users: session counts of a page',
      async () => {
        const ids = Array.from({ length: 25 }, (_, index) => userIdOf((index * 37) % users));
        return () => engine.countByUsers(ids);
      },
    ],
    audit('all', {}),
    audit('all, 20 days ago', { before: { at: new Date(nowMs - 20 * 24 * HOUR_MS), id: 'bench-5' } }),
    audit('failed sign-ins', { kind: 'sign_in_failed' }),
    audit('six rare kinds', { kinds: ['locked', 'suspended', 'role_changed', 'user_created', 'user_deleted', 'sessions_revoked'] }),
    audit('three kinds, one day', {
      kinds: ['signed_in', 'sign_in_failed', 'locked'],
      since: new Date(nowMs - 10 * 24 * HOUR_MS),
      until: new Date(nowMs - 9 * 24 * HOUR_MS),
    }),
    audit('a user', { userId: userIdOf(4242) }),
    audit('an actor', { actorId: userIdOf(7) }),
    audit('an actor, of one kind', { actorId: userIdOf(7), kind: 'locked' }),
    audit('an address', { ip: addressOf(77) }),
    audit('a session', { handle: handleOf(77) }),
    ['audit: how 25 sessions began', async () => () => accounts.sessionMethods(Array.from({ length: 25 }, (_, n) => handleOf(n * 13)))],
    ['overview: sign-ins per hour and day, before hours are stored', async () => () => accounts.signInCounts(new Date(nowMs))],
    [
      'overview: sign-ins per hour and day',
      async () => {
        while ((await accounts.storeHourCounts({ now: new Date(nowMs), batch: 24 })) > 0);
        return () => accounts.signInCounts(new Date(nowMs));
      },
    ],
    ['overview: expiring in 24 hours', async () => () => engine.countExpiring(nowMs + 24 * HOUR_MS, 10_000)],
    ['overview: accounts', async () => () => accounts.countUsers()],
    ['overview: active sessions and users', async () => () => engine.count()],
  ];
}
