import type { SessionSearchInput, SessionSort } from '@gatehouse/contract';
import { parseSort, type TableSearch } from '../../shared/table/table-search.ts';

/*
 * Without the contract's schemas, because the route needs this before the page is loaded.
 */

export const SESSION_SORTS = ['lastActivity', 'loginTime', 'expires'] as const satisfies readonly SessionSort[];

/** The server's default order. */
export const DEFAULT_SORT = { key: 'lastActivity', descending: true } as const;

export const SESSIONS_PER_PAGE = 25;

type SessionTableSearch = TableSearch & { readonly sort?: SessionSort | `-${SessionSort}` | undefined };

/** The input of `sessions.search` for the page's search parameters. */
export function toSessionSearch({ q, sort, page = 1 }: SessionTableSearch): Partial<SessionSearchInput> {
  const { key, descending } = parseSort(sort) ?? DEFAULT_SORT;
  return { ...(q !== undefined && { text: q }), sort: key, descending, page, pageSize: SESSIONS_PER_PAGE };
}
