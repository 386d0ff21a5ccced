import type { OwnedSessionPageInput } from '@gatehouse/contract';
import { searchChoice, searchText, type SearchOf } from '../../shared/search-schema.ts';
import { tableSearchSchema } from '../../shared/table/table-search.ts';

/*
 * Without the contract's schemas, because the route needs this before the page is loaded.
 */

export const SESSIONS_PER_PAGE = 25;

export const AGES = ['activeNow', 'lastDay', 'overDay', 'overWeek', 'overMonth'] as const;
type Age = (typeof AGES)[number];

export const sessionTableSearch = {
  ...tableSearchSchema([]),
  /** The id of a user. */
  user: searchText(64),
  address: searchText(64),
  browser: searchText(),
  age: searchChoice(AGES),
};
export type SessionTableSearch = SearchOf<typeof sessionTableSearch>;

/** Dates are sent as text. */
type Input = Partial<Omit<OwnedSessionPageInput, 'signedInSince' | 'signedInBefore' | 'activeSince'>> & Times;
type Times = { readonly signedInSince?: string; readonly signedInBefore?: string; readonly activeSince?: string };

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** The input of `admin.sessions.list` for the page's search parameters. */
export function toSessionPage(search: SessionTableSearch, nowMs: number): Input {
  const { q, user, address, browser, age, cursor } = search;
  return {
    ...(q !== undefined && { text: q }),
    ...(user !== undefined && { userId: user }),
    ...(address !== undefined && { ip: address }),
    ...(browser !== undefined && { userAgent: browser }),
    ...(age !== undefined && timesOf(age, nowMs)),
    ...(cursor !== undefined && { cursor }),
    limit: SESSIONS_PER_PAGE,
  };
}

function timesOf(age: Age, nowMs: number): Times {
  // To the minute, so that coming back to the page finds what has been loaded.
  const ago = (ms: number) => new Date(Math.floor((nowMs - ms) / MINUTE_MS) * MINUTE_MS).toISOString();
  switch (age) {
    case 'activeNow':
      return { activeSince: ago(15 * MINUTE_MS) };
    case 'lastDay':
      return { signedInSince: ago(DAY_MS) };
    case 'overDay':
      return { signedInBefore: ago(DAY_MS) };
    case 'overWeek':
      return { signedInBefore: ago(7 * DAY_MS) };
    case 'overMonth':
      return { signedInBefore: ago(30 * DAY_MS) };
  }
}

/** The input of `admin.sessions.list` for an account's page. */
export const userSessionsInput = (userId: string) => ({ userId, limit: 100 });
