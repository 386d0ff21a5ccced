import { searchChoice, searchNumber, searchText } from '../search-schema.ts';

/**
 * The state of a table in the URL:
 *
 *     const search = { ...tableSearchSchema(['name', 'createdAt']), role: searchChoice(['user', 'admin']) };
 *     export const Route = createFileRoute('/_authenticated/users')({ validateSearch: readSearch(search), … });
 *
 * @param sorts the columns' sort keys
 */
export const tableSearchSchema = <const Key extends string>(sorts: readonly Key[]) => ({
  /** The text to search for. */
  q: searchText(),
  /** A column's sort key; `-` before it means descending. */
  sort: searchChoice<Key | `-${Key}`>(sorts.flatMap((key) => [key, `-${key}` as const])),
  /** From 2; undefined on the first page. */
  page: searchNumber(2),
  /** The server's cursor of this page, for procedures that page by cursor. */
  cursor: searchText(300),
});

export interface TableSearch {
  readonly q?: string | undefined;
  readonly sort?: string | undefined;
  readonly page?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface Sort<Key extends string = string> {
  readonly key: Key;
  readonly descending: boolean;
}

/** `-name` → by name, descending. */
export const parseSort = <Key extends string>(sort: Key | `-${Key}` | undefined): Sort<Key> | undefined =>
  sort === undefined ? undefined : { key: sort.replace(/^-/, '') as Key, descending: sort.startsWith('-') };

export const formatSort = ({ key, descending }: Sort): string => (descending ? `-${key}` : key);
