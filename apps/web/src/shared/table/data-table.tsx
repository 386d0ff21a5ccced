/* oxlint-disable jsx-a11y/prefer-tag-over-role -- CSS that stacks the table on a phone removes the roles of its elements */
import { Checkbox, Table } from '@mantine/core';
import '@mantine/core/styles/Table.css';
import { getCoreRowModel, useReactTable, type ColumnDef } from '@tanstack/react-table';
import { useId } from 'react';
import { useTranslations } from 'use-intl/react';
import { InlineFailure } from '../inline-failure.tsx';
import { useLastError } from '../loaded.tsx';
import { BulkBar } from './bulk-bar.tsx';
import type { DataTableProps } from './data-table-props.ts';
import classes from './data-table.module.css';
import { EmptyTable } from './empty-table.tsx';
import { HeaderRow } from './header-row.tsx';
import { SkeletonRows } from './skeleton-rows.tsx';
import { TablePages } from './table-pages.tsx';
import { TableRows } from './table-rows.tsx';
import { TableToolbar } from './table-toolbar.tsx';

/** A table whose rows, order and pages come from the server. On a phone, each row is a card. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, query, failed, columns, rowId, state, pageSize = 25, selection, canSelect = () => true, rowActions } = props;
  const t = useTranslations('controls.table');
  const error = useLastError(query);
  const titleId = useId();
  const page = query.data;
  const isFiltered = props.isFiltered === true || state?.q !== undefined;

  // oxlint-disable-next-line react/incompatible-library -- we do not use the React Compiler
  const table = useReactTable<Row>({
    data: (page?.rows ?? NO_ROWS) as Row[],
    columns: columns.map(({ id, header, sort }): ColumnDef<Row> => ({ id, header, enableSorting: sort !== undefined })),
    getRowId: (row) => rowId(row),
    getCoreRowModel: getCoreRowModel(),
    manualSorting: true,
    manualPagination: true,
    enableRowSelection: (row) => canSelect(row.original),
    state: { rowSelection: Object.fromEntries([...(selection?.ids ?? [])].map((id) => [id, true])) },
    onRowSelectionChange(update) {
      const current = table.getState().rowSelection;
      const next = typeof update === 'function' ? update(current) : update;
      selection?.set(new Set(Object.keys(next).filter((id) => next[id])));
    },
  });
  const selected = selection ? table.getSelectedRowModel().rows.map(({ original }) => original) : NO_ROWS;
  const isEmpty = page?.rows.length === 0;
  const columnCount = columns.length + (selection ? 1 : 0) + (rowActions ? 1 : 0);

  return (
    <div className={classes.frame}>
      <TableToolbar {...props} columns={columns} />
      {/* The bar takes the place of the number, so that selecting a row does not move it. */}
      <div className={classes.status}>
        {/* Always rendered, because screen readers announce only changes of an existing live region. */}
        <output className={isEmpty ? classes.hidden : classes.count} id={titleId}>
          {page && state && page.total !== undefined && t('rows', { count: page.total })}
        </output>
        {selection && props.bulkActions && selected.length > 0 && (
          <BulkBar count={selected.length} onClear={selection.clear}>
            {props.bulkActions(selected)}
          </BulkBar>
        )}
      </div>
      {page === undefined && error !== null ? (
        <InlineFailure failed={failed} error={error} busy={query.isFetching} onRetry={() => void query.refetch()} />
      ) : isEmpty ? (
        <EmptyTable isFiltered={isFiltered} texts={props.empty} />
      ) : (
        <div className={classes.scroll}>
          {/* The cards of a phone have no header with this checkbox. */}
          {selection && page && (
            <Checkbox
              className={classes.selectAll}
              label={t('selectAll')}
              iconColor="var(--mantine-primary-color-contrast)"
              checked={table.getIsAllPageRowsSelected()}
              indeterminate={!table.getIsAllPageRowsSelected() && table.getIsSomePageRowsSelected()}
              onChange={({ currentTarget }) => table.toggleAllPageRowsSelected(currentTarget.checked)}
            />
          )}
          <Table
            className={classes.table}
            role="table"
            aria-label={label}
            aria-busy={page === undefined || query.isFetching}
            // Not while the same rows are fetched again, which some pages do every few seconds.
            data-stale={query.isPlaceholderData === true || undefined}
            // For rows that are not rendered: the header counts as well.
            aria-rowcount={page === undefined ? -1 : page.rows.length + 1}
            aria-colcount={columnCount}
            verticalSpacing="sm"
            layout="auto"
          >
            <HeaderRow
              columns={columns}
              state={state}
              hasActions={rowActions !== undefined}
              selection={
                selection && {
                  isAll: table.getIsAllPageRowsSelected(),
                  isSome: table.getIsSomePageRowsSelected(),
                  onToggle: (value) => table.toggleAllPageRowsSelected(value),
                }
              }
            />
            {page === undefined ? (
              <SkeletonRows columns={columns} rows={Math.min(pageSize, 8)} extraStart={selection ? 1 : 0} extraEnd={rowActions ? 1 : 0} />
            ) : (
              <TableRows {...props} table={table} columnCount={columnCount} />
            )}
          </Table>
        </div>
      )}
      {page === undefined && error === null && <output className={classes.hidden}>{t('loading')}</output>}
      {state && page && <TablePages state={state} page={page} pageSize={pageSize} busy={query.isFetching} />}
    </div>
  );
}

const NO_ROWS: readonly never[] = [];
