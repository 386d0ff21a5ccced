import type { ActivityKind } from '@gatehouse/contract';
import { MultiSelect } from '@mantine/core';
import '@mantine/core/styles/ScrollArea.css';
import '@mantine/core/styles/Popover.css';
import '@mantine/core/styles/Combobox.css';
import '@mantine/core/styles/Pill.css';
import '@mantine/core/styles/PillsInput.css';
import { useTranslations } from 'use-intl/react';
import classes from './audit-card.module.css';
import { KIND_GROUPS } from './audit-search.ts';

interface KindSelectProps {
  readonly value: readonly ActivityKind[];
  readonly onChange: (kinds: ActivityKind[] | undefined) => void;
}

/** Chooses several kinds of events. */
export function KindSelect({ value, onChange }: KindSelectProps) {
  const t = useTranslations('audit');
  const kinds = useTranslations('activity.kinds');
  const groups = (['attention', 'signIn', 'sessions', 'accounts'] as const).map((group) => ({
    group: t(`groups.${group}`),
    items: KIND_GROUPS[group].map((kind) => ({ value: kind, label: kinds(kind) })),
  }));
  return (
    <MultiSelect
      className={classes.kinds}
      label={t('filters.kinds')}
      placeholder={value.length === 0 ? t('filters.anyKind') : ''}
      data={groups}
      value={[...value]}
      onChange={(chosen) => onChange(chosen.length === 0 ? undefined : chosen)}
      searchable
      clearable
      hidePickedOptions
      maxDropdownHeight={320}
      clearButtonProps={{ 'aria-label': t('filters.clearOne', { filter: t('filters.kinds') }) }}
    />
  );
}
