import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl/react';
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
  const t = useTranslations('reauthentication');
  const isOpen = useSyncExternalStore(passwordPrompt.subscribe, passwordPrompt.isOpen);
  const [code, setCode] = useState<typeof PasswordDialogCode>();
  useEffect(() => {
    if (!isOpen || code) return;
    loadDialog().then(setCode, () => {
      notifyDone(t('notLoaded'));
      passwordPrompt.answer(false);
    });
  }, [isOpen, code, t]);
  return isOpen && code && <code.PasswordDialog onDone={passwordPrompt.answer} />;
}
