import { fieldErrors } from '@gatehouse/client';
import { trpc } from '@gatehouse/client/react';
import { identifierInputSchema } from '@gatehouse/contract';
import { Button, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Card } from '../../shared/card.tsx';
import { firstOfEach } from '../../shared/field-messages.ts';
import { FormFailure } from '../../shared/form-failure.tsx';
import classes from './find-account-card.module.css';

export function FindAccountCard() {
  const queries = trpc.useUtils();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const form = useForm({ initialValues: { identifier: '' }, validate: schemaResolver(identifierInputSchema, { sync: true }) });
  const focusField = () => form.getInputNode('identifier')?.focus();

  const find = async (values: { identifier: string }): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      const user = await queries.admin.users.find.fetch(values, { staleTime: 0 });
      if (user) return await navigate({ to: '/accounts/$userId', params: { userId: user.id } });
      form.setErrors({ identifier: 'There is no account of this name or address.' });
      focusField();
    } catch (error) {
      const messages = firstOfEach(fieldErrors(error));
      form.setErrors(messages);
      if (Object.keys(messages).length === 0) setFailure(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Card title="Find an account">
      <form
        onSubmit={form.onSubmit((values) => void find(values), focusField)}
        noValidate
        className={classes.form}
        aria-label="Find an account"
      >
        {failure !== null && <FormFailure error={failure} />}
        <TextInput
          label="User name or e-mail"
          name="identifier"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          {...form.getInputProps('identifier')}
        />
        <Button type="submit" variant="default" loading={busy}>
          Find
        </Button>
      </form>
    </Card>
  );
}
