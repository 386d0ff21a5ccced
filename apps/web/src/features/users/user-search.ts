import type { UserSearchInput, UserSort } from '@gatehouse/contract';
import { searchChoice, type SearchOf } from '../../shared/search-schema.ts';
import { parseSort, tableSearchSchema } from '../../shared/table/table-search.ts';

/*
 * Without the contract's schemas, because the route needs this before the page is loaded.
 */

const USER_SORTS = ['name', 'createdAt', 'lastSignIn'] as const satisfies readonly UserSort[];

/** The server's default order. */
export const DEFAULT_SORT = { key: 'name', descending: false } as const;

export const USERS_PER_PAGE = 25;

export const userTableSearch = {
  ...tableSearchSchema(USER_SORTS),
  role: searchChoice(['user', 'admin']),
  status: searchChoice(['active', 'suspended']),
  signedIn: searchChoice(['now']),
};
export type UserTableSearch = SearchOf<typeof userTableSearch>;

/** The input of `admin.users.search` for the page's search parameters. */
export function toUserSearch({ q, sort, cursor, role, status, signedIn }: UserTableSearch): Partial<UserSearchInput> {
  const { key, descending } = parseSort(sort) ?? DEFAULT_SORT;
  return {
    ...(q !== undefined && { text: q }),
    ...(role && { role }),
    ...(status && { status }),
    ...(signedIn && { signedIn: true }),
    ...(cursor !== undefined && { cursor }),
    sort: key,
    descending,
    limit: USERS_PER_PAGE,
  };
}
