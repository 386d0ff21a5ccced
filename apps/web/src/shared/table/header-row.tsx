/* oxlint-disable jsx-a11y/prefer-tag-over-role -- CSS that stacks the table on a phone removes the roles of its elements */
import { Checkbox, Table } from '@mantine/core';
import { useTranslations } from 'use-intl/react';
import type { DataColumn } from './data-column.ts';
import classes from './data-table.module.css';
import type { TableState } from './use-table-state.ts';

interface HeaderRowProps<Row> {
  readonly columns: ReadonlyArray<DataColumn<Row>>;
  readonly state: TableState | undefined;
  readonly hasActions: boolean;
  readonly selection: { readonly isAll: boolean; readonly isSome: boolean; readonly onToggle: (value: boolean) => void } | undefined;
}

export function HeaderRow<Row>({ columns, state, hasActions, selection }: HeaderRowProps<Row>) {
  const t = useTranslations('controls.table');
  return (
    <Table.Thead role="rowgroup" className={classes.head}>
      <Table.Tr role="row" aria-rowindex={1}>
        {selection && (
          <Table.Th role="columnheader" scope="col" className={classes.check}>
            <Checkbox
              aria-label={t('selectAll')}
              iconColor="var(--mantine-primary-color-contrast)"
              checked={selection.isAll}
              indeterminate={!selection.isAll && selection.isSome}
              onChange={({ currentTarget }) => selection.onToggle(currentTarget.checked)}
            />
          </Table.Th>
        )}
        {columns.map((column) => (
          <ColumnHeader key={column.id} column={column} state={state} />
        ))}
        {hasActions && (
          <Table.Th role="columnheader" scope="col" className={classes.actions}>
            <span className={classes.hidden}>{t('actions')}</span>
          </Table.Th>
        )}
      </Table.Tr>
    </Table.Thead>
  );
}

function ColumnHeader<Row>({ column, state }: { column: DataColumn<Row>; state: TableState | undefined }) {
  const { header, sort, firstSort = 'ascending', tablet, align = 'start' } = column;
  const current = sort !== undefined && state?.sort?.key === sort ? (state.sort.descending ? 'descending' : 'ascending') : undefined;
  const canSort = sort !== undefined && state !== undefined;
  const onClick = () => {
    const descending = current === undefined ? firstSort === 'descending' : current === 'ascending';
    if (canSort) state.onSort({ key: sort, descending });
  };
  return (
    <Table.Th role="columnheader" scope="col" data-align={align} data-tablet={tablet} {...(canSort && { 'aria-sort': current ?? 'none' })}>
      {canSort ? (
        <button type="button" className={classes.sort} onClick={onClick} data-sorted={current}>
          {header}
          <span aria-hidden="true" className={classes.arrow} />
        </button>
      ) : (
        header
      )}
    </Table.Th>
  );
}
