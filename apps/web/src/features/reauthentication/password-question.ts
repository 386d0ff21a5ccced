import type { AskForPassword } from '@gatehouse/client';

/** One question at a time between the client, which asks it, and whatever dialog is on the page. */
export interface PasswordQuestion {
  /** For the client. false where no page is there to ask. */
  readonly ask: AskForPassword;
  readonly isOpen: () => boolean;
  readonly answer: (entered: boolean) => void;
  /** For React: `useSyncExternalStore`. A question that nobody can see any more is answered with no. */
  readonly subscribe: (onChange: () => void) => () => void;
}

export function createPasswordQuestion(): PasswordQuestion {
  let settle: ((entered: boolean) => void) | undefined;
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const answer = (entered: boolean) => {
    settle?.(entered);
    settle = undefined;
    changed();
  };
  return {
    ask: () =>
      new Promise((resolve) => {
        if (listeners.size === 0) return resolve(false);
        settle = resolve;
        changed();
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

/** The one of this page. */
export const passwordQuestion = createPasswordQuestion();
