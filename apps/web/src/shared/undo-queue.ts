/** How long an action can be undone before it is sent. */
export const UNDO_MS = 5_000;

export interface UndoQueue {
  /** The waiting actions, with the time at which each is sent (by `now`). */
  readonly waiting: () => ReadonlyMap<string, number>;
  /** Starts the time of an action. Nothing happens if it is already waiting, so a second click sends nothing twice. */
  readonly add: (id: string, send: () => void) => void;
  /** Drops an action. It was not sent, and will not be. */
  readonly undo: (id: string) => void;
  /** Sends one action now, or all of them. */
  readonly sendNow: (id?: string) => void;
  /** For `useSyncExternalStore`. */
  readonly subscribe: (onChange: () => void) => () => void;
}

export interface UndoTiming {
  readonly now: () => number;
  /** Returns a function that cancels. */
  readonly after: (ms: number, run: () => void) => () => void;
}

const browserTiming: UndoTiming = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Actions that wait for `UNDO_MS` before they are sent. Each is sent at most once. */
export function createUndoQueue({ now, after }: UndoTiming = browserTiming): UndoQueue {
  const actions = new Map<string, { readonly send: () => void; readonly cancel: () => void; readonly sendAtMs: number }>();
  const listeners = new Set<() => void>();
  /** Replaced on each change, because `useSyncExternalStore` compares by identity. */
  let waiting: ReadonlyMap<string, number> = new Map();
  const changed = () => {
    waiting = new Map([...actions].map(([id, { sendAtMs }]) => [id, sendAtMs]));
    for (const listener of listeners) listener();
  };
  const remove = (id: string) => {
    const action = actions.get(id);
    action?.cancel();
    if (actions.delete(id)) changed();
    return action;
  };
  const sendOne = (id: string) => remove(id)?.send();
  return {
    waiting: () => waiting,
    add(id, send) {
      if (actions.has(id)) return;
      actions.set(id, { send, sendAtMs: now() + UNDO_MS, cancel: after(UNDO_MS, () => sendOne(id)) });
      changed();
    },
    undo: (id) => void remove(id),
    sendNow(id) {
      for (const each of id === undefined ? [...actions.keys()] : [id]) sendOne(each);
    },
    subscribe(onChange) {
      listeners.add(onChange);
      return () => void listeners.delete(onChange);
    },
  };
}
