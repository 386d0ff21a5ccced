import { activityKindSchema, type NamedAccount } from '@gatehouse/contract';
import { NativeSelect, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { useLayoutEffect } from 'react';
import { ActionButton } from '../../shared/action-button.tsx';
import { ACTIVITY_WORDS } from '../../shared/activity-words.ts';
import { Card } from '../../shared/card.tsx';
import { FormFailure } from '../../shared/form-failure.tsx';
import { useFindAccount } from '../../shared/use-find-account.ts';
import classes from './audit-filter-card.module.css';
import { readAuditSearch, type AuditSearch } from './audit-search.ts';

const KINDS = [{ value: '', label: 'Everything' }, ...activityKindSchema.options.map((value) => ({ value, label: ACTIVITY_WORDS[value] }))];

interface AuditFilterCardProps {
  readonly search: AuditSearch;
  /** The account whose entries are shown; undefined: everyone's, or one that was deleted. */
  readonly account: NamedAccount | undefined;
  /** Until the server has answered, nobody knows which account it is. */
  readonly loaded: boolean;
}

/** Leads to the address of what is to be shown: a form and not a change at each key, so that Back goes back to what one wanted to see. */
export function AuditFilterCard({ search: { user, kind }, account, loaded }: AuditFilterCardProps) {
  const navigate = useNavigate();
  const shown = { kind: kind ?? '', identifier: loaded ? (account?.username ?? user ?? '') : '' };
  const form = useForm({ initialValues: shown });
  const { find, busy, failure } = useFindAccount(form);
  const { setValues, clearErrors } = form;
  // In the moment that the answer is shown: a choice made a moment later stands.
  useLayoutEffect(() => {
    // What was typed stays until it is known to be the same.
    if (!loaded) return;
    setValues({ kind: shown.kind, identifier: shown.identifier });
    clearErrors();
  }, [setValues, clearErrors, loaded, shown.kind, shown.identifier]);

  /** Whose entries are asked for; undefined: there is no such account, and the form says so. */
  async function wanted(identifier: string): Promise<Pick<AuditSearch, 'user'> | undefined> {
    if (identifier === '') return {};
    if (loaded && identifier === shown.identifier) return { user };
    const found = await find(identifier);
    return found && { user: found.id };
  }

  const show = async (values: typeof shown): Promise<void> => {
    const whose = await wanted(values.identifier.trim());
    if (whose) await navigate({ to: '/audit', search: readAuditSearch({ ...whose, kind: values.kind }), resetScroll: false });
  };

  return (
    <Card title="Filter">
      <form onSubmit={form.onSubmit((values) => void show(values))} noValidate className={classes.form} aria-label="Filter">
        {failure !== null && <FormFailure error={failure} />}
        <div className={classes.fields}>
          <NativeSelect label="Kind" name="kind" data={KINDS} {...form.getInputProps('kind')} />
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
          Show
        </ActionButton>
      </form>
    </Card>
  );
}
