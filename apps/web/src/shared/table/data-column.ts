import type { ReactNode } from 'react';

/** A column of a `DataTable`. */
export interface DataColumn<Row> {
  readonly id: string;
  /** Translated. It is also the label of the value in the cards of a phone. */
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** The key that the server sorts by. Without it, the column cannot be sorted by. */
  readonly sort?: string;
  /** The first click on the header sorts in this direction. @default 'ascending' */
  readonly firstSort?: 'ascending' | 'descending';
  /** In the cards of a phone: the heading of the card (one column), a line with its label, or left out. @default 'line' */
  readonly phone?: 'title' | 'line' | 'hidden';
  /** Left out between phone and desktop, where the other columns need the place. */
  readonly tablet?: 'hidden';
  /** `anywhere`: for values that may be one long word, such as names. @default between words */
  readonly wrap?: 'anywhere';
  /** Numbers align at the end. @default 'start' */
  readonly align?: 'start' | 'end';
  /** Width of the skeleton line, in percent of the cell. @default 70 */
  readonly skeleton?: number;
}

/** A page of rows, as the table's query returns it (`select` converts the server's answer). */
export interface TablePage<Row> {
  readonly rows: readonly Row[];
  /** Number of all rows that match, if the server counts them. */
  readonly total?: number | undefined;
  /** The cursor of the next page, or whether there is one; null or false on the last page. */
  readonly next?: string | boolean | null | undefined;
}
