import { CloseButton, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl/react';
import { NativeSelect } from '../native-select.ts';
import classes from './data-table.module.css';
import type { DataTableProps } from './data-table-props.ts';
import { formatSort, parseSort } from './table-search.ts';
import type { TableState } from './use-table-state.ts';
import { useTypedText } from './use-typed-text.ts';

/** Search, filters, and on a phone the order, because the cards have no headers to click on. */
export function TableToolbar<Row>({ state, searchLabel, filters, columns }: DataTableProps<Row>) {
  const sortable = columns.filter(({ sort }) => sort !== undefined);
  if (!state || (searchLabel === undefined && filters === undefined && sortable.length === 0)) return null;
  return (
    <search className={classes.toolbar}>
      {searchLabel !== undefined && <SearchField label={searchLabel} state={state} />}
      {filters}
      {sortable.length > 0 && <SortSelect columns={sortable} state={state} />}
    </search>
  );
}

function SearchField({ label, state }: { label: string; state: TableState }) {
  const t = useTranslations('controls.table');
  const { text, type, apply } = useTypedText({ value: state.q ?? '', onApply: state.onSearch });
  return (
    <TextInput
      type="search"
      className={classes.search}
      label={label}
      value={text}
      autoComplete="off"
      spellCheck={false}
      maxLength={100}
      onChange={({ currentTarget }) => type(currentTarget.value)}
      onKeyDown={({ key }) => key === 'Enter' && apply()}
      rightSection={text !== '' && <CloseButton size="sm" aria-label={t('clearSearch')} onClick={() => type('')} />}
    />
  );
}

function SortSelect<Row>({ columns, state }: Pick<DataTableProps<Row>, 'columns'> & { state: TableState }) {
  const t = useTranslations('controls.table');
  const options = columns.flatMap(({ header, sort = '' }) => [
    { value: formatSort({ key: sort, descending: false }), label: t('ascending', { column: header }) },
    { value: formatSort({ key: sort, descending: true }), label: t('descending', { column: header }) },
  ]);
  const value = state.sort ? formatSort(state.sort) : '';
  return (
    <NativeSelect
      className={classes.sortSelect}
      label={t('sortBy')}
      data={value === '' ? [{ value: '', label: '–' }, ...options] : options}
      value={value}
      onChange={({ currentTarget }) => {
        const sort = parseSort(currentTarget.value || undefined);
        if (sort) state.onSort(sort);
      }}
    />
  );
}
