import { useTRPC } from '@gatehouse/client/tanstack';
import { userCreateInputSchema, type CreatedUser, type FormField } from '@gatehouse/contract';
import { TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl/react';
import { ActionButton } from '../../shared/action-button.tsx';
import { Dialog, DialogActions } from '../../shared/dialog.tsx';
import { FormFailure } from '../../shared/form-failure.tsx';
import { useFormDraft } from '../../shared/form-draft/use-form-draft.tsx';
import { changedFields, defaultsOf, editable, fieldValues } from '../../shared/own-fields/field-values.ts';
import { fieldsSchema } from '../../shared/own-fields/fields-schema.ts';
import { OwnFieldInput } from '../../shared/own-fields/own-field-input.tsx';
import { useServerForm } from '../../shared/use-server-form.ts';
import { RoleSelect } from './role-select.tsx';
import { TemporaryPasswordDialog } from './temporary-password.tsx';
import classes from './users.module.css';

const baseSchema = userCreateInputSchema.omit({ attributes: true });
/** The fields before they are loaded: one constant, so that each render gets the same array. */
const NO_FIELDS: readonly FormField[] = [];

/** Creates an account, and then shows its temporary password. */
export function CreateUserDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('users');
  const [created, setCreated] = useState<CreatedUser>();
  if (created)
    return (
      <TemporaryPasswordDialog
        title={t('create.doneTitle', { name: created.user.name })}
        username={created.user.username}
        password={created.temporaryPassword}
        onClose={onClose}
      />
    );
  return <CreateUserForm onCreated={setCreated} onClose={onClose} />;
}

function CreateUserForm({ onCreated, onClose }: { onCreated: (created: CreatedUser) => void; onClose: () => void }) {
  const t = useTranslations('users');
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  // The response contains the password, so it is not cached.
  const create = useMutation(trpc.admin.users.create.mutationOptions({ gcTime: 0 }));
  const { data: fields = NO_FIELDS } = useQuery(trpc.admin.users.fields.queryOptions(undefined, { select: editable }));
  const schema = useMemo(() => baseSchema.extend({ attributes: fieldsSchema(fields) }), [fields]);
  const draft = useFormDraft('create-user');
  const { form, onSubmit, busy, failure } = useServerForm({
    draft: draft.connection,
    schema,
    initialValues: { name: '', username: '', email: '', role: 'user' as const, attributes: fieldValues(fields, defaultsOf(fields)) },
    send: ({ attributes, ...user }) => create.mutateAsync({ ...user, attributes: changedFields(fields, attributes, defaultsOf(fields)) }),
    onSuccess(output) {
      onCreated(output);
      void queryClient.invalidateQueries(trpc.admin.pathFilter());
    },
    failureTitle: t('create.failed'),
  });
  const cancel = (): void => {
    draft.discard();
    onClose();
  };
  return (
    <Dialog title={t('create.title')} onCancel={cancel}>
      <p>{t('create.lead')}</p>
      <form onSubmit={onSubmit} noValidate className={classes.form} aria-label={t('create.title')}>
        {draft.notice}
        {failure !== null && <FormFailure error={failure} />}
        <TextInput label={t('fields.name')} name="name" autoComplete="off" data-autofocus {...form.getInputProps('name')} />
        <TextInput
          label={t('fields.username')}
          description={t('fields.usernameHint')}
          name="username"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          {...form.getInputProps('username')}
        />
        <TextInput label={t('fields.email')} type="email" name="email" autoComplete="off" {...form.getInputProps('email')} />
        <RoleSelect {...form.getInputProps('role')} />
        {fields.map((field) => (
          <OwnFieldInput key={field.key} field={field} getInputProps={form.getInputProps} />
        ))}
        <DialogActions onCancel={cancel}>
          <ActionButton type="submit" busy={busy}>
            {t('create.submit')}
          </ActionButton>
        </DialogActions>
      </form>
    </Dialog>
  );
}
