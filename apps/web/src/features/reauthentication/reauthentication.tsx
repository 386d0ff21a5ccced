import { useEffect, useState, useSyncExternalStore } from 'react';
import { notifyDone } from '../../shared/notify.ts';
import type * as PasswordDialogCode from './password-dialog.tsx';
import { passwordPrompt } from './password-prompt.ts';

// A separate function: Vite wraps `import()` together with chained calls, which then miss errors of style sheets.
const loadDialog = () => import('./password-dialog.tsx');

/**
 * Shows the password dialog when a call requires re-authentication. The dialog is rarely needed, so its code is loaded on demand. Not with
 * `lazy`: if loading failed, `lazy` would replace the whole page with an error page, and would never retry.
 */
export function Reauthentication() {
  const isOpen = useSyncExternalStore(passwordPrompt.subscribe, passwordPrompt.isOpen);
  const [code, setCode] = useState<typeof PasswordDialogCode>();
  useEffect(() => {
    if (!isOpen || code) return;
    loadDialog().then(setCode, () => {
      notifyDone('The password dialog could not be loaded. Nothing was changed. Check your connection and try again.');
      passwordPrompt.answer(false);
    });
  }, [isOpen, code]);
  return isOpen && code && <code.PasswordDialog onDone={passwordPrompt.answer} />;
}
