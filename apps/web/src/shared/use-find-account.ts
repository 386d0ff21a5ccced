import { fieldErrors } from '@gatehouse/client';
import { trpc } from '@gatehouse/client/react';
import type { SessionUser } from '@gatehouse/contract';
import { useState } from 'react';
import { firstOfEach } from './field-messages.ts';

/** A form with the field `identifier`. */
interface FormOfIdentifier {
  setErrors(errors: Record<string, string>): void;
  getInputNode(field: 'identifier'): HTMLElement | null;
}

/**
 * For administrators: whose account is it? Undefined if there is no answer: then the field says why, or `failure` is what the form
 * should show.
 */
export function useFindAccount(form: FormOfIdentifier) {
  const queries = trpc.useUtils();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  const find = async (identifier: string): Promise<SessionUser | undefined> => {
    setBusy(true);
    setFailure(null);
    try {
      const user = await queries.admin.users.find.fetch({ identifier }, { staleTime: 0 });
      if (user) return user;
      form.setErrors({ identifier: 'There is no account of this name or address.' });
      form.getInputNode('identifier')?.focus();
    } catch (error) {
      const messages = firstOfEach(fieldErrors(error));
      form.setErrors(messages);
      if (Object.keys(messages).length === 0) setFailure(error);
    } finally {
      setBusy(false);
    }
    return undefined;
  };

  return { find, busy, failure };
}
