import { useTRPC } from '@gatehouse/client/tanstack';
import { userUpdateInputSchema, type UserRow, type UserUpdateInput } from '@gatehouse/contract';
import { TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';
import { ActionButton } from '../../shared/action-button.tsx';
import { Dialog, DialogActions } from '../../shared/dialog.tsx';
import { FormFailure } from '../../shared/form-failure.tsx';
import { useFormDraft } from '../../shared/form-draft/use-form-draft.tsx';
import { notifyDone } from '../../shared/notify.ts';
import { useServerForm } from '../../shared/use-server-form.ts';
import { RoleSelect } from './role-select.tsx';
import classes from './users.module.css';

const editSchema = userUpdateInputSchema.omit({ userId: true }).required();

interface EditUserDialogProps {
  readonly user: UserRow;
  readonly isOwn: boolean;
  readonly onClose: () => void;
}

/** Changes name, e-mail address and role of an account. */
export function EditUserDialog({ user, isOwn, onClose }: EditUserDialogProps) {
  const t = useTranslations('users');
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const update = useMutation(trpc.admin.users.update.mutationOptions());
  const { id: userId, name, email, role } = user;
  const draft = useFormDraft(`edit-user:${userId}`);
  const { form, onSubmit, busy, failure } = useServerForm({
    draft: draft.connection,
    schema: editSchema,
    initialValues: { name, email, role },
    async send(values) {
      // Only what was edited: another administrator may have changed the rest meanwhile.
      const changes: Omit<UserUpdateInput, 'userId'> = {
        ...(values.name.trim() !== name && { name: values.name }),
        ...(values.email.trim() !== email && { email: values.email }),
        ...(values.role !== role && { role: values.role }),
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
