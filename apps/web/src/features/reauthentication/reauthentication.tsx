import { useSyncExternalStore } from 'react';
import { passwordQuestion } from './password-question.ts';
import { PasswordDialog } from './password-dialog.tsx';

/** On every signed-in page: asks for the password when a call needs it again. */
export function Reauthentication() {
  const isOpen = useSyncExternalStore(passwordQuestion.subscribe, passwordQuestion.isOpen);
  return isOpen && <PasswordDialog onDone={passwordQuestion.answer} />;
}
