import { identifierInputSchema } from '@gatehouse/contract';
import { TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { ActionButton } from '../../shared/action-button.tsx';
import { Card } from '../../shared/card.tsx';
import { FormFailure } from '../../shared/form-failure.tsx';
import { useFindAccount } from '../../shared/use-find-account.ts';
import classes from './find-account-card.module.css';

export function FindAccountCard() {
  const navigate = useNavigate();
  const form = useForm({ initialValues: { identifier: '' }, validate: schemaResolver(identifierInputSchema, { sync: true }) });
  const { find, busy, failure } = useFindAccount(form);
  const focusField = () => form.getInputNode('identifier')?.focus();

  const go = async ({ identifier }: { identifier: string }): Promise<void> => {
    const user = await find(identifier);
    if (user) await navigate({ to: '/accounts/$userId', params: { userId: user.id } });
  };

  return (
    <Card title="Find an account">
      <form
        onSubmit={form.onSubmit((values) => void go(values), focusField)}
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
        <ActionButton type="submit" variant="default" busy={busy}>
          Find
        </ActionButton>
      </form>
    </Card>
  );
}
