import { useTRPC } from '@gatehouse/client/tanstack';
import { userUpdateInputSchema, type FormField, type UserRow, type UserUpdateInput } from '@gatehouse/contract';
import { TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl/react';
import { ActionButton } from '../../shared/action-button.tsx';
import { Dialog, DialogActions } from '../../shared/dialog.tsx';
import { FormFailure } from '../../shared/form-failure.tsx';
import { useFormDraft } from '../../shared/form-draft/use-form-draft.tsx';
import { notifyDone } from '../../shared/notify.ts';
import { fieldsSchema } from '../../shared/own-fields/fields-schema.ts';
import { changedFields, editable, fieldValues } from '../../shared/own-fields/field-values.ts';
import { OwnFieldInput } from '../../shared/own-fields/own-field-input.tsx';
import { useServerForm } from '../../shared/use-server-form.ts';
import { RoleSelect } from './role-select.tsx';
import classes from './users.module.css';

const editSchema = userUpdateInputSchema.omit({ userId: true }).required();
/** Of a render before the fields are loaded. */
const NO_FIELDS: readonly FormField[] = [];

interface EditUserDialogProps {
  readonly user: UserRow;
  readonly isOwn: boolean;
  readonly onClose: () => void;
}

/** Changes name, e-mail address, role and the app's own fields of an account. */
export function EditUserDialog({ user, isOwn, onClose }: EditUserDialogProps) {
  const t = useTranslations('users');
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const update = useMutation(trpc.admin.users.update.mutationOptions());
  const { data: fields = NO_FIELDS } = useQuery(trpc.admin.users.fields.queryOptions(undefined, { select: editable }));
  const schema = useMemo(() => editSchema.extend({ attributes: fieldsSchema(fields) }), [fields]);
  const { id: userId, name, email, role, attributes } = user;
  const draft = useFormDraft(`edit-user:${userId}`);
  const { form, onSubmit, busy, failure } = useServerForm({
    draft: draft.connection,
    schema,
    initialValues: { name, email, role, attributes: fieldValues(fields, attributes) },
    async send(values) {
      // Only what was edited: another administrator may have changed the rest meanwhile.
      const ownFields = changedFields(fields, values.attributes, attributes);
      const changes: Omit<UserUpdateInput, 'userId'> = {
        ...(values.name.trim() !== name && { name: values.name }),
        ...(values.email.trim() !== email && { email: values.email }),
        ...(values.role !== role && { role: values.role }),
        ...(Object.keys(ownFields).length > 0 && { attributes: ownFields }),
      };
      return Object.keys(changes).length > 0 ? update.mutateAsync({ userId, ...changes }) : undefined;
    },
    async onSuccess(saved) {
      onClose();
      notifyDone(saved ? t('edit.done', { name: saved.name }) : t('edit.unchanged'));
      await queryClient.invalidateQueries(trpc.admin.pathFilter());
    },
    failureTitle: t('edit.failed'),
  });
  const cancel = (): void => {
    draft.discard();
    onClose();
  };
  return (
    <Dialog title={t('edit.title', { name })} onCancel={cancel}>
      <form onSubmit={onSubmit} noValidate className={classes.form} aria-label={t('edit.title', { name })}>
        {draft.notice}
        {failure !== null && <FormFailure error={failure} />}
        <TextInput label={t('fields.name')} name="name" autoComplete="off" {...form.getInputProps('name')} />
        <TextInput label={t('fields.email')} type="email" name="email" autoComplete="off" {...form.getInputProps('email')} />
        <RoleSelect isOwn={isOwn} {...form.getInputProps('role')} />
        {fields.map((field) => (
          <OwnFieldInput key={field.key} field={field} getInputProps={form.getInputProps} />
        ))}
        <p>{t('edit.follows')}</p>
        <DialogActions onCancel={cancel}>
          <ActionButton type="submit" busy={busy}>
            {t('edit.submit')}
          </ActionButton>
        </DialogActions>
      </form>
    </Dialog>
  );
}
