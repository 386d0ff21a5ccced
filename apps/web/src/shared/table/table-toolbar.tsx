import { CloseButton, NativeSelect, TextInput } from '@mantine/core';
import { useEffect, useEffectEvent, useState } from 'react';
import { useTranslations } from 'use-intl/react';
import classes from './data-table.module.css';
import type { DataTableProps } from './data-table-props.ts';
import { formatSort, parseSort } from './table-search.ts';
import type { TableState } from './use-table-state.ts';

/** Typing pauses for this long before the search runs. */
const TYPING_PAUSE_MS = 300;

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
  const current = state.q ?? '';
  const [text, setText] = useState(current);
  const [shown, setShown] = useState(current);
  // The URL changed elsewhere: Back, or a link.
  if (current !== shown) {
    setShown(current);
    setText(current);
  }
  const search = useEffectEvent(() => {
    if (text.trim() === current) return;
    setShown(text.trim());
    state.onSearch(text.trim());
  });
  useEffect(() => {
    const timer = setTimeout(search, TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- the pause begins again with each change of the text
  }, [text]);
  return (
    <TextInput
      type="search"
      className={classes.search}
      label={label}
      value={text}
      autoComplete="off"
      spellCheck={false}
      maxLength={100}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onKeyDown={({ key }) => key === 'Enter' && search()}
      rightSection={text !== '' && <CloseButton size="sm" aria-label={t('clearSearch')} onClick={() => setText('')} />}
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
