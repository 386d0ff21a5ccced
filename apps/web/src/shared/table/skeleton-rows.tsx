import { Table } from '@mantine/core';
import type { DataColumn } from './data-column.ts';
import classes from './data-table.module.css';

interface SkeletonRowsProps<Row> {
  readonly columns: ReadonlyArray<DataColumn<Row>>;
  readonly rows: number;
  readonly extraStart: number;
  readonly extraEnd: number;
}

/** Rows of the same columns, so that nothing moves when the data arrives. Hidden from screen readers, which the table tells that it loads. */
export function SkeletonRows<Row>({ columns, rows, extraStart, extraEnd }: SkeletonRowsProps<Row>) {
  return (
    <Table.Tbody aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => (
        <Table.Tr key={row}>
          {extraStart > 0 && <Table.Td className={classes.check} />}
          {columns.map(({ id, phone = 'line', tablet, skeleton = 70 }) => (
            <Table.Td key={id} data-phone={phone} data-tablet={tablet}>
              {/* Lines of different lengths look like text. */}
              <span className={classes.skeleton} style={{ width: `${Math.max(20, skeleton - ((row * 17) % 25))}%` }} />
            </Table.Td>
          ))}
          {extraEnd > 0 && <Table.Td className={classes.actions} />}
        </Table.Tr>
      ))}
    </Table.Tbody>
  );
}
