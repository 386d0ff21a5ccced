import type { AskForPassword } from '@gatehouse/client';

/** Connects the client, which asks for the password, with the dialog on the page. */
export interface PasswordPrompt {
  /** For the client. Resolves to false if no dialog is mounted. */
  readonly ask: AskForPassword;
  readonly isOpen: () => boolean;
  readonly answer: (entered: boolean) => void;
  /** For `useSyncExternalStore`. An open prompt is cancelled when its dialog is unmounted. */
  readonly subscribe: (onChange: () => void) => () => void;
}

export function createPasswordPrompt(): PasswordPrompt {
  let settle: ((entered: boolean) => void) | undefined;
  const listeners = new Set<() => void>();
  const notifyListeners = () => {
    for (const listener of listeners) listener();
  };
  const answer = (entered: boolean) => {
    settle?.(entered);
    settle = undefined;
    notifyListeners();
  };
  return {
    ask: () =>
      new Promise((resolve) => {
        if (listeners.size === 0) return resolve(false);
        settle = resolve;
        notifyListeners();
      }),
    isOpen: () => settle !== undefined,
    answer,
    subscribe(onChange) {
      listeners.add(onChange);
      return () => {
        listeners.delete(onChange);
        if (listeners.size === 0) answer(false);
      };
    },
  };
}

export const passwordPrompt = createPasswordPrompt();
