import { lazy, Suspense, useSyncExternalStore } from 'react';
import { passwordQuestion } from './password-question.ts';

// Seldom needed, and its form is heavy.
const PasswordDialog = lazy(async () => ({ default: (await import('./password-dialog.tsx')).PasswordDialog }));

/** On every signed-in page: asks for the password when a call needs it again. */
export function Reauthentication() {
  const isOpen = useSyncExternalStore(passwordQuestion.subscribe, passwordQuestion.isOpen);
  return (
    isOpen && (
      <Suspense>
        <PasswordDialog onDone={passwordQuestion.answer} />
      </Suspense>
    )
  );
}
