import { trpc } from '@gatehouse/client/react';
import type { SessionUser } from '@gatehouse/contract';
import { useState } from 'react';
import { refusedFields } from './field-errors.ts';

/** A form with an `identifier` field. */
interface IdentifierForm {
  setErrors(errors: Record<string, string>): void;
  getInputNode(field: 'identifier'): HTMLElement | null;
}

/**
 * Finds an account by user name or e-mail address, for administrators. If `find` returns undefined, either the field shows an error, or
 * the form must show `failure`.
 */
export function useFindAccount(form: IdentifierForm) {
  const queries = trpc.useUtils();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  const find = async (identifier: string): Promise<SessionUser | undefined> => {
    setBusy(true);
    setFailure(null);
    try {
      const user = await queries.admin.users.find.fetch({ identifier }, { staleTime: 0 });
      if (user) return user;
      form.setErrors({ identifier: 'No account has this user name or e-mail address.' });
      form.getInputNode('identifier')?.focus();
    } catch (error) {
      const messages = refusedFields(error);
      form.setErrors(messages);
      if (Object.keys(messages).length === 0) setFailure(error);
    } finally {
      setBusy(false);
    }
    return undefined;
  };

  return { find, busy, failure };
}
