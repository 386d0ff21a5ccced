import { activityKindSchema, type NamedAccount } from '@gatehouse/contract';
import { NativeSelect, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { useLayoutEffect } from 'react';
import { ActionButton } from '../../shared/action-button.tsx';
import { ACTIVITY_LABELS } from '../../shared/activity-labels.ts';
import { Card } from '../../shared/card.tsx';
import { FormFailure } from '../../shared/form-failure.tsx';
import { useFindAccount } from '../../shared/use-find-account.ts';
import classes from './audit-filter-card.module.css';
import { readAuditSearch, type AuditSearch } from './audit-search.ts';

const KINDS = [
  { value: '', label: 'All events' },
  ...activityKindSchema.options.map((value) => ({ value, label: ACTIVITY_LABELS[value] })),
];

interface AuditFilterCardProps {
  readonly search: AuditSearch;
  /** The account of the filter; undefined if there is no account filter, or if the account was deleted. */
  readonly account: NamedAccount | undefined;
  /** The server has responded, so `account` is known. */
  readonly loaded: boolean;
}

/** Submitting navigates to the URL of the filter. Filtering while typing would fill the browser history. */
export function AuditFilterCard({ search: { user, kind }, account, loaded }: AuditFilterCardProps) {
  const navigate = useNavigate();
  const current = { kind: kind ?? '', identifier: loaded ? (account?.username ?? user ?? '') : '' };
  const form = useForm({ initialValues: current });
  const { find, busy, failure } = useFindAccount(form);
  const { setValues, clearErrors } = form;
  // A layout effect, so that it cannot overwrite input that the user makes after the response is shown.
  useLayoutEffect(() => {
    // Keep the input until the account of the filter is known.
    if (!loaded) return;
    setValues({ kind: current.kind, identifier: current.identifier });
    clearErrors();
  }, [setValues, clearErrors, loaded, current.kind, current.identifier]);

  /** The account filter for an identifier; undefined if there is no such account (the form then shows an error). */
  async function accountFilter(identifier: string): Promise<Pick<AuditSearch, 'user'> | undefined> {
    if (identifier === '') return {};
    if (loaded && identifier === current.identifier) return { user };
    const found = await find(identifier);
    return found && { user: found.id };
  }

  const apply = async (values: typeof current): Promise<void> => {
    const filter = await accountFilter(values.identifier.trim());
    if (filter) await navigate({ to: '/audit', search: readAuditSearch({ ...filter, kind: values.kind }), resetScroll: false });
  };

  return (
    <Card title="Filter">
      <form onSubmit={form.onSubmit((values) => void apply(values))} noValidate className={classes.form} aria-label="Filter">
        {failure !== null && <FormFailure error={failure} />}
        <div className={classes.fields}>
          <NativeSelect label="Event" name="kind" data={KINDS} {...form.getInputProps('kind')} />
          <TextInput
            label="User name or e-mail"
            name="identifier"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            {...form.getInputProps('identifier')}
          />
        </div>
        <ActionButton type="submit" variant="default" busy={busy}>
          Apply
        </ActionButton>
      </form>
    </Card>
  );
}
