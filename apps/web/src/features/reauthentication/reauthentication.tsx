import { useEffect, useState, useSyncExternalStore } from 'react';
import { notifyDone } from '../../shared/notify.ts';
import type * as PasswordDialogCode from './password-dialog.tsx';
import { passwordQuestion } from './password-question.ts';

// A function of its own: Vite takes what is chained to `import()` into its wrapper, where a style sheet that fails to load passes it by.
const fetchCode = () => import('./password-dialog.tsx');

/**
 * On every signed-in page: asks for the password when a call needs it again. The dialog is seldom needed, and its form is heavy, so it is
 * fetched then. Not by `lazy`: where its code does not arrive that would put an error page in the place of everything, and keep the error.
 */
export function Reauthentication() {
  const isOpen = useSyncExternalStore(passwordQuestion.subscribe, passwordQuestion.isOpen);
  const [code, setCode] = useState<typeof PasswordDialogCode>();
  useEffect(() => {
    if (!isOpen || code) return;
    fetchCode().then(setCode, () => {
      notifyDone('You cannot be asked for your password at the moment. Nothing was changed; check your connection, then try again.');
      passwordQuestion.answer(false);
    });
  }, [isOpen, code]);
  return isOpen && code && <code.PasswordDialog onDone={passwordQuestion.answer} />;
}
