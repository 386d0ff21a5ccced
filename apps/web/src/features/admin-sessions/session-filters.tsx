import { NativeSelect } from '../../shared/native-select.ts';
import { useTranslations } from 'use-intl/react';
import { TextFilter } from '../../shared/table/text-filter.tsx';
import { useShownValue } from '../../shared/table/use-shown-value.ts';
import type { TableState } from '../../shared/table/use-table-state.ts';
import classes from './admin-sessions.module.css';
import { AGES, type SessionTableSearch } from './session-search.ts';

export function SessionFilters({ search, state }: { search: SessionTableSearch; state: TableState }) {
  const t = useTranslations('adminSessions.filters');
  const [age, setAge] = useShownValue<string>(search.age ?? '');
  return (
    <>
      <TextFilter
        className={classes.filter}
        label={t('address')}
        value={search.address}
        onChange={(address) => state.onFilter({ address })}
        placeholder="10.0."
      />
      <TextFilter
        className={classes.filter}
        label={t('browser')}
        value={search.browser}
        onChange={(browser) => state.onFilter({ browser })}
        placeholder="firefox windows"
      />
      <NativeSelect
        className={classes.age}
        label={t('age')}
        value={age}
        onChange={({ currentTarget: { value } }) => {
          setAge(value);
          state.onFilter({ age: value || undefined });
        }}
        data={[{ value: '', label: t('anyAge') }, ...AGES.map((value) => ({ value, label: t(value) }))]}
      />
    </>
  );
}
