import { Checkbox } from '@mantine/core';
import { useTranslations } from 'use-intl/react';
import { NativeSelect } from '../../shared/native-select.ts';
import { useShownValue } from '../../shared/table/use-shown-value.ts';
import type { TableState } from '../../shared/table/use-table-state.ts';
import type { UserTableSearch } from './user-search.ts';
import classes from './users.module.css';

export function UserFilters({ search, state }: { search: UserTableSearch; state: TableState }) {
  const t = useTranslations('users.filters');
  const accounts = useTranslations('accounts');
  const [role, setRole] = useShownValue<string>(search.role ?? '');
  const [status, setStatus] = useShownValue<string>(search.status ?? '');
  const [signedIn, setSignedIn] = useShownValue(search.signedIn === 'now');
  return (
    <>
      <NativeSelect
        label={t('role')}
        value={role}
        onChange={({ currentTarget: { value } }) => {
          setRole(value);
          state.onFilter({ role: value || undefined });
        }}
        data={[
          { value: '', label: t('anyRole') },
          { value: 'user', label: accounts('roles.user') },
          { value: 'admin', label: accounts('roles.admin') },
        ]}
      />
      <NativeSelect
        label={t('status')}
        value={status}
        onChange={({ currentTarget: { value } }) => {
          setStatus(value);
          state.onFilter({ status: value || undefined });
        }}
        data={[
          { value: '', label: t('anyStatus') },
          { value: 'active', label: accounts('statuses.active') },
          { value: 'suspended', label: accounts('statuses.suspended') },
        ]}
      />
      <Checkbox
        className={classes.checkbox}
        label={t('signedIn')}
        iconColor="var(--mantine-primary-color-contrast)"
        checked={signedIn}
        onChange={({ currentTarget: { checked } }) => {
          setSignedIn(checked);
          state.onFilter({ signedIn: checked ? 'now' : undefined });
        }}
      />
    </>
  );
}
