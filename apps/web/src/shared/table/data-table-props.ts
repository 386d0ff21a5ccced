import type { ReactNode } from 'react';
import type { LoadedQuery } from '../loaded.tsx';
import type { DataColumn, TablePage } from './data-column.ts';
import type { EmptyTexts } from './empty-table.tsx';
import type { Selection } from './use-selection.ts';
import type { TableState } from './use-table-state.ts';

export interface DataTableProps<Row> {
  /** Accessible name: "Your sessions". */
  readonly label: string;
  /** A query whose data is a `TablePage`. Use `placeholderData: keepPreviousData`, so that the rows stay while the next page loads. */
  readonly query: LoadedQuery<TablePage<Row>> & { readonly isPlaceholderData?: boolean };
  /** A sentence for the error message: "Your sessions could not be loaded." */
  readonly failed: string;
  readonly columns: ReadonlyArray<DataColumn<Row>>;
  readonly rowId: (row: Row) => string;
  /** Names the row for screen readers, in "Select …" and "Details of …". */
  readonly rowName: (row: Row) => string;
  /** Search, sorting and paging in the URL. Without it, the table has none of them. */
  readonly state?: TableState;
  /** @default 25 */
  readonly pageSize?: number;
  /** Shows a search field with this label. Needs `state`. */
  readonly searchLabel?: string;
  /** More controls beside the search field, such as a `NativeSelect`. */
  readonly filters?: ReactNode;
  /** A filter of the page is set, so an empty table means "no matches". A search counts by itself. @default false */
  readonly isFiltered?: boolean;
  readonly selection?: Selection;
  /** Rows that cannot be selected, such as the own session. @default () => true */
  readonly canSelect?: (row: Row) => boolean;
  /** The buttons of the bar that appears while rows are selected. */
  readonly bulkActions?: (rows: readonly Row[]) => ReactNode;
  /** The last column: buttons for a single row. */
  readonly rowActions?: (row: Row) => ReactNode;
  /** Opens the details of a row. The title column becomes a button, and a click anywhere in the row works too. */
  readonly onOpen?: (row: Row) => void;
  /** Marks a row: `data-tone` for CSS, such as 'current', 'danger' or 'pending'. */
  readonly rowTone?: (row: Row) => string | undefined;
  /** Shown if there are no rows and nothing is filtered. */
  readonly empty?: EmptyTexts;
}
