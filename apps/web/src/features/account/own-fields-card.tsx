import { useMe, useTRPC } from '@gatehouse/client/tanstack';
import { fieldsSchema } from '../../shared/own-fields/fields-schema.ts';
import { changedFields, editable, fieldValues } from '../../shared/own-fields/field-values.ts';
import { OwnFieldInput } from '../../shared/own-fields/own-field-input.tsx';
import type { FormField, UserAttributes } from '@gatehouse/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl/react';
import { z } from 'zod';
import { ActionButton } from '../../shared/action-button.tsx';
import { Card } from '../../shared/card.tsx';
import { FormFailure } from '../../shared/form-failure.tsx';
import { useFormDraft } from '../../shared/form-draft/use-form-draft.tsx';
import { Loaded } from '../../shared/loaded.tsx';
import { notifyDone } from '../../shared/notify.ts';
import { useServerForm } from '../../shared/use-server-form.ts';
import { useRefreshAccount } from './use-refresh-account.ts';
import classes from './profile-form.module.css';

/** The app's own fields that their owner may edit. Nothing if there are none. */
export function OwnFieldsCard() {
  const t = useTranslations('ownFields');
  const { data: me } = useMe();
  const query = useQuery(useTRPC().account.fields.queryOptions(undefined, { select: editable }));
  const { data: fields, error } = query;
  if (!me || (fields ? fields.length === 0 : error === null)) return null;
  return (
    <Card title={t('title')}>
      <Loaded query={query} failed={t('failed')} label={t('loading')}>
        {(loaded) => <OwnFieldsForm fields={loaded} attributes={me.user.attributes} />}
      </Loaded>
    </Card>
  );
}

function OwnFieldsForm({ fields, attributes }: { fields: readonly FormField[]; attributes: UserAttributes }) {
  const t = useTranslations('ownFields');
  const trpc = useTRPC();
  const refresh = useRefreshAccount();
  const update = useMutation(trpc.account.updateProfile.mutationOptions());
  const draft = useFormDraft('own-fields');
  const schema = useMemo(() => z.object({ attributes: fieldsSchema(fields) }), [fields]);
  const { form, onSubmit, busy, failure } = useServerForm({
    draft: draft.connection,
    schema,
    initialValues: { attributes: fieldValues(fields, attributes) },
    async send({ attributes: values }) {
      const changes = changedFields(fields, values, attributes);
      return Object.keys(changes).length > 0 ? update.mutateAsync({ attributes: changes }) : undefined;
    },
    failureTitle: t('saveFailed'),
    async onSuccess(saved) {
      notifyDone(t(saved ? 'done' : 'unchanged'));
      // As the schema of the app has changed it, for example trimmed.
      const shown = { attributes: fieldValues(fields, saved?.attributes ?? attributes) };
      form.setValues(shown);
      form.resetDirty(shown);
      await refresh();
    },
  });
  return (
    <form method="post" onSubmit={onSubmit} noValidate className={classes.form} aria-label={t('title')}>
      {draft.notice}
      {failure !== null && <FormFailure error={failure} />}
      {fields.map((field) => (
        <OwnFieldInput key={field.key} field={field} getInputProps={form.getInputProps} size="md" />
      ))}
      <ActionButton type="submit" busy={busy}>
        {t('submit')}
      </ActionButton>
    </form>
  );
}
