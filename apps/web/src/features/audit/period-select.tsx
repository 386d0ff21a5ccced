import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';
import { NativeSelect } from '../../shared/native-select.ts';
import classes from './audit-card.module.css';
import type { AuditTableSearch } from './audit-search.ts';
import { PERIODS, type Period } from './period.ts';
import type { ChangeFilter } from './use-change-filter.ts';

interface PeriodSelectProps {
  readonly search: AuditTableSearch;
  readonly change: ChangeFilter;
}

/** A period such as "last night", or two times of one's own. */
export function PeriodSelect({ search: { period, since, until }, change }: PeriodSelectProps) {
  const t = useTranslations('audit');
  const hasOwn = period === undefined && (since !== undefined || until !== undefined);
  const [wantsOwn, setWantsOwn] = useState(false);
  const isOwn = hasOwn || (wantsOwn && period === undefined);
  const isInvalid = since !== undefined && until !== undefined && Date.parse(until) <= Date.parse(since);
  const choose = (value: string) => {
    setWantsOwn(value === 'own');
    // Own times begin empty: the fields below the select change them.
    if (value === 'own') change({ period: undefined });
    else change({ period: isPeriod(value) ? value : undefined, since: undefined, until: undefined });
  };
  return (
    <>
      <NativeSelect
        className={classes.filter}
        label={t('filters.period')}
        value={isOwn ? 'own' : (period ?? '')}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
        data={[
          { value: '', label: t('periods.any') },
          ...PERIODS.map((value) => ({ value, label: t(`periods.${value}`) })),
          { value: 'own', label: t('periods.own') },
        ]}
      />
      {isOwn && (
        <>
          <TimeField label={t('filters.from')} value={since} onChange={(time) => change({ since: time }, { replace: true })} />
          <TimeField
            label={t('filters.until')}
            value={until}
            onChange={(time) => change({ until: time }, { replace: true })}
            error={isInvalid && t('filters.invalidRange')}
          />
        </>
      )}
    </>
  );
}

const isPeriod = (value: string): value is Period => (PERIODS as readonly string[]).includes(value);

interface TimeFieldProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (time: string | undefined) => void;
  readonly error?: string | false;
}

/** In local time. Empty while a part of it is missing, so a time that is half typed changes nothing. */
function TimeField({ label, value, onChange, error }: TimeFieldProps) {
  return (
    <TextInput
      className={classes.filter}
      type="datetime-local"
      label={label}
      error={error}
      defaultValue={localText(value)}
      // The URL changed elsewhere: Back, or a link.
      key={localText(value)}
      onBlur={({ currentTarget }) => {
        const time = currentTarget.value === '' ? undefined : new Date(currentTarget.value).toISOString();
        if (localText(time) !== localText(value)) onChange(time);
      }}
      onKeyDown={({ key, currentTarget }) => key === 'Enter' && currentTarget.blur()}
    />
  );
}

/** An ISO 8601 time as the value of a `datetime-local` field, in local time: "2026-11-27T01:29". */
function localText(time: string | undefined): string {
  const ms = time === undefined ? Number.NaN : Date.parse(time);
  if (Number.isNaN(ms)) return '';
  return new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
