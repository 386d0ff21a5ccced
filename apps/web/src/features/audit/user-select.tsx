import { useTRPC } from '@gatehouse/client/tanstack';
import { userSearchSchema, type NamedAccount } from '@gatehouse/contract';
import { Select } from '@mantine/core';
import '@mantine/core/styles/ScrollArea.css';
import '@mantine/core/styles/Popover.css';
import '@mantine/core/styles/Combobox.css';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';
import classes from './audit-card.module.css';

const TYPING_PAUSE_MS = 200;
const MAX_USERS = 8;

const decodeFound = (wire: unknown) => userSearchSchema.parse(wire).users;

interface UserSelectProps {
  readonly label: string;
  /** The id of the chosen user. It may be deleted. */
  readonly value: string | undefined;
  /** The names that the page knows; undefined while it loads. */
  readonly accounts: ReadonlyMap<string, NamedAccount> | undefined;
  readonly onChange: (userId: string | undefined) => void;
}

/** Chooses a user by the beginning of a word of the name, user name or e-mail address. */
export function UserSelect({ label, value, accounts, onChange }: UserSelectProps) {
  const t = useTranslations('audit.filters');
  const trpc = useTRPC();
  const [text, setText] = useState('');
  const [isOpen, setIsOpen] = useState(false);
  const [wanted] = useDebouncedValue(text.trim(), TYPING_PAUSE_MS);
  // The field shows the chosen user. That is not a search.
  const [shown, setShown] = useState('');
  const isSearch = wanted !== '' && wanted !== shown;
  const found = useQuery(
    trpc.admin.users.search.queryOptions(
      { ...(isSearch && { text: wanted }), limit: MAX_USERS },
      { select: decodeFound, enabled: isOpen, placeholderData: keepPreviousData, retry: false },
    ),
  );
  const nameOf = ({ name, username }: { name: string; username: string }) => `${name} (${username})`;
  const options = (found.data ?? []).map((user) => ({ value: user.id, label: nameOf(user) }));
  const chosen = value === undefined ? undefined : accounts?.get(value);
  if (value !== undefined && !options.some((option) => option.value === value))
    options.unshift({ value, label: chosen ? nameOf(chosen) : accounts ? t('unknownUser', { id: value.slice(0, 8) }) : '…' });
  const chosenLabel = options.find((option) => option.value === value)?.label ?? '';
  if (chosenLabel !== shown) setShown(chosenLabel);
  return (
    <Select
      className={classes.filter}
      label={label}
      placeholder={t('anyUser')}
      data={options}
      value={value ?? null}
      onChange={(userId) => onChange(userId ?? undefined)}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('clearOne', { filter: label }) }}
      // The server has filtered.
      filter={({ options: all }) => all}
      onSearchChange={setText}
      onDropdownOpen={() => setIsOpen(true)}
      onDropdownClose={() => setIsOpen(false)}
      nothingFoundMessage={found.isFetching ? t('searching') : t('noUsers')}
      spellCheck={false}
      autoCapitalize="none"
    />
  );
}
