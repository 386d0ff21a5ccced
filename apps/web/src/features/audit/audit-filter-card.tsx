import { fieldErrors } from '@gatehouse/client';
import { trpc } from '@gatehouse/client/react';
import { activityKindSchema, type NamedAccount } from '@gatehouse/contract';
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ACTIVITY_WORDS } from '../../shared/activity-words.ts';
import { Card } from '../../shared/card.tsx';
import { firstOfEach } from '../../shared/field-messages.ts';
import { FormFailure } from '../../shared/form-failure.tsx';
import classes from './audit-filter-card.module.css';
import { readAuditSearch, type AuditSearch } from './audit-search.ts';

const KINDS = [{ value: '', label: 'Everything' }, ...activityKindSchema.options.map((value) => ({ value, label: ACTIVITY_WORDS[value] }))];

interface AuditFilterCardProps {
  readonly search: AuditSearch;
  /** The account that is shown; undefined: everyone's, one that was deleted, or it is not known yet. */
  readonly account: NamedAccount | undefined;
}

/** Leads to the address of what is to be shown: a form and not a change at each key, so that Back goes back to what one wanted to see. */
export function AuditFilterCard({ search: { user, kind }, account }: AuditFilterCardProps) {
  const queries = trpc.useUtils();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const shown = { kind: kind ?? '', identifier: account?.username ?? user ?? '' };
  const form = useForm({ initialValues: shown });
  const { setValues, clearErrors } = form;
  useEffect(() => {
    setValues({ kind: shown.kind, identifier: shown.identifier });
    clearErrors();
  }, [setValues, clearErrors, shown.kind, shown.identifier]);

  /** The id of the account that was typed; undefined: none was. Null: there is none of that name. */
  async function wanted(identifier: string): Promise<string | undefined | null> {
    if (identifier === '') return undefined;
    if (identifier === shown.identifier) return user;
    return (await queries.admin.users.find.fetch({ identifier }, { staleTime: 0 }))?.id ?? null;
  }

  const show = async (values: typeof shown): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      const id = await wanted(values.identifier.trim());
      if (id !== null)
        return await navigate({ to: '/audit', search: readAuditSearch({ user: id, kind: values.kind }), resetScroll: false });
      form.setErrors({ identifier: 'There is no account of this name or address.' });
      form.getInputNode('identifier')?.focus();
    } catch (error) {
      const messages = firstOfEach(fieldErrors(error));
      form.setErrors(messages);
      if (Object.keys(messages).length === 0) setFailure(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Card title="Show">
      <form onSubmit={form.onSubmit((values) => void show(values))} noValidate className={classes.form} aria-label="Show">
        {failure !== null && <FormFailure error={failure} />}
        <div className={classes.fields}>
          <NativeSelect label="What happened" name="kind" data={KINDS} {...form.getInputProps('kind')} />
          <TextInput
            label="Whose account"
            placeholder="User name or e-mail"
            name="identifier"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            {...form.getInputProps('identifier')}
          />
        </div>
        <Button type="submit" variant="default" loading={busy}>
          Show
        </Button>
      </form>
    </Card>
  );
}
