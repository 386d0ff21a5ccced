/* oxlint-disable jsx-a11y/prefer-tag-over-role -- CSS that stacks the table on a phone removes the roles of its elements */
import { Checkbox, Table } from '@mantine/core';
import type { Row as TableRow, Table as TanStackTable } from '@tanstack/react-table';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState, type MouseEvent, type Ref } from 'react';
import { useTranslations } from 'use-intl/react';
import type { DataColumn } from './data-column.ts';
import classes from './data-table.module.css';
import type { DataTableProps } from './data-table-props.ts';

/** With more rows, only those near the screen are rendered. */
const MAX_RENDERED = 100;
const ROW_HEIGHT_PX = 53;

interface TableRowsProps<Row> extends DataTableProps<Row> {
  readonly table: TanStackTable<Row>;
  readonly columnCount: number;
}

export function TableRows<Row>({ table, columnCount, ...props }: TableRowsProps<Row>) {
  const { rows } = table.getRowModel();
  const body = useRef<HTMLTableSectionElement>(null);
  const isVirtual = rows.length > MAX_RENDERED;
  const [offsetPx, setOffsetPx] = useState(0);
  useLayoutEffect(() => {
    if (isVirtual && body.current) setOffsetPx(body.current.getBoundingClientRect().top + window.scrollY);
  }, [isVirtual]);
  // oxlint-disable-next-line react/incompatible-library -- we do not use the React Compiler
  const virtualizer = useWindowVirtualizer({
    count: isVirtual ? rows.length : 0,
    estimateSize: () => ROW_HEIGHT_PX,
    overscan: 10,
    scrollMargin: offsetPx,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const items = virtualizer.getVirtualItems();
  const beforePx = (items[0]?.start ?? offsetPx) - offsetPx;
  const afterPx = virtualizer.getTotalSize() - ((items.at(-1)?.end ?? offsetPx) - offsetPx);

  return (
    <Table.Tbody role="rowgroup" ref={body}>
      {isVirtual && <Gap heightPx={beforePx} columns={columnCount} />}
      {isVirtual
        ? items.map(({ index, key }) => {
            const row = rows[index];
            return row && <DataRow key={key} {...props} row={row} index={index} measure={virtualizer.measureElement} />;
          })
        : rows.map((row, index) => <DataRow key={row.id} {...props} row={row} index={index} />)}
      {isVirtual && <Gap heightPx={afterPx} columns={columnCount} />}
    </Table.Tbody>
  );
}

/** The place of the rows that are not rendered. */
const Gap = ({ heightPx, columns }: { heightPx: number; columns: number }) =>
  heightPx > 0 && (
    <tr aria-hidden="true" className={classes.gap}>
      {/* oxlint-disable-next-line jsx-a11y/control-has-associated-label -- not a control */}
      <td colSpan={columns} style={{ height: heightPx, padding: 0 }} />
    </tr>
  );

interface DataRowProps<Row> extends DataTableProps<Row> {
  readonly row: TableRow<Row>;
  readonly index: number;
  readonly measure?: Ref<HTMLTableRowElement>;
}

function DataRow<Row>({ row, index, measure, columns, rowName, selection, rowActions, onOpen, rowTone }: DataRowProps<Row>) {
  const t = useTranslations('controls.table');
  const data = row.original;
  const name = rowName(data);
  const open = (event: MouseEvent) => {
    // A click on a control of the row, or the end of selecting text, opens nothing.
    const isControl = (event.target as Element).closest('a, button, input, label, select') !== null;
    if (!isControl && window.getSelection()?.isCollapsed !== false) onOpen?.(data);
  };
  return (
    // The keyboard uses the button in the title cell.
    <Table.Tr
      ref={measure}
      role="row"
      data-index={index}
      data-tone={rowTone?.(data)}
      data-selected={row.getIsSelected() || undefined}
      data-opens={onOpen !== undefined || undefined}
      aria-rowindex={index + 2}
      {...(onOpen && { onClick: open })}
    >
      {selection && (
        <Table.Td role="cell" className={classes.check}>
          {row.getCanSelect() && (
            <Checkbox
              aria-label={t('selectRow', { row: name })}
              iconColor="var(--mantine-primary-color-contrast)"
              checked={row.getIsSelected()}
              onChange={({ currentTarget }) => row.toggleSelected(currentTarget.checked)}
            />
          )}
        </Table.Td>
      )}
      {columns.map((column) => (
        <DataCell key={column.id} column={column} data={data} name={name} onOpen={onOpen} />
      ))}
      {rowActions && (
        <Table.Td role="cell" className={classes.actions}>
          {rowActions(data)}
        </Table.Td>
      )}
    </Table.Tr>
  );
}

interface DataCellProps<Row> {
  readonly column: DataColumn<Row>;
  readonly data: Row;
  readonly name: string;
  readonly onOpen: ((row: Row) => void) | undefined;
}

function DataCell<Row>({
  column: { header, cell, phone = 'line', tablet, wrap, align = 'start' },
  data,
  name,
  onOpen,
}: DataCellProps<Row>) {
  const t = useTranslations('controls.table');
  const isTitle = phone === 'title';
  const content = cell(data);
  const cellProps = { 'data-phone': phone, 'data-tablet': tablet, 'data-wrap': wrap, 'data-align': align, 'data-label': header };
  if (!isTitle)
    return (
      <Table.Td role="cell" {...cellProps}>
        <div className={classes.value}>{content}</div>
      </Table.Td>
    );
  return (
    <Table.Th role="rowheader" scope="row" {...cellProps}>
      {onOpen ? (
        <button type="button" className={classes.open} onClick={() => onOpen(data)} aria-haspopup="dialog">
          {content}
          <span className={classes.hidden}> – {t('openDetails', { row: name })}</span>
        </button>
      ) : (
        content
      )}
    </Table.Th>
  );
}
