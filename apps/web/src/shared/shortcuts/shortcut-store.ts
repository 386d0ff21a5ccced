export interface Shortcut {
  /** 'Mod+k' (Command on a Mac, else Control), '/', '?', or keys one after the other: 'g s'. */
  readonly keys: string;
  /** What it does, translated. */
  readonly label: string;
  /** The heading in the help sheet, translated. */
  readonly group: string;
  readonly run: () => void;
}

export interface ShortcutStore {
  /** Returns a function that removes them. The last one with the same keys wins. */
  readonly add: (shortcuts: readonly Shortcut[]) => () => void;
  /** In the order in which they were added. */
  readonly all: () => readonly Shortcut[];
  /** Runs the shortcut that this key completes, and reports whether there is one. */
  readonly press: (key: KeyPress) => boolean;
  readonly subscribe: (onChange: () => void) => () => void;
}

export interface KeyPress {
  /** `KeyboardEvent.key`. */
  readonly key: string;
  /** Command on a Mac, else Control. */
  readonly mod: boolean;
  /** A field or a dialog has the focus: only shortcuts with `Mod` work. */
  readonly isTyping: boolean;
  /** Shortcuts of a single character are switched off (WCAG 2.2, 2.1.4). @default false */
  readonly onlyMod?: boolean;
  readonly atMs: number;
}

/** The second key of a sequence must follow within this time. */
const SEQUENCE_MS = 1_500;

export function createShortcutStore(): ShortcutStore {
  let lists: ReadonlyArray<readonly Shortcut[]> = [];
  let all: readonly Shortcut[] = [];
  let first: { readonly key: string; readonly atMs: number } | undefined;
  const listeners = new Set<() => void>();
  const change = (next: ReadonlyArray<readonly Shortcut[]>) => {
    lists = next;
    all = lists.flat();
    for (const listener of listeners) listener();
  };
  const run = (keys: string): boolean => {
    const found = all.findLast((shortcut) => shortcut.keys === keys);
    found?.run();
    return found !== undefined;
  };
  return {
    add(shortcuts) {
      change([...lists, shortcuts]);
      return () => change(lists.filter((list) => list !== shortcuts));
    },
    all: () => all,
    press({ key, mod, isTyping, onlyMod = false, atMs }) {
      const previous = first && atMs - first.atMs <= SEQUENCE_MS ? first.key : undefined;
      first = undefined;
      if (mod) return run(`Mod+${key.toLowerCase()}`);
      if (isTyping || onlyMod) return false;
      if (previous !== undefined && run(`${previous} ${key}`)) return true;
      if (all.some(({ keys }) => keys.startsWith(`${key} `))) first = { key, atMs };
      return run(key);
    },
    subscribe(onChange) {
      listeners.add(onChange);
      return () => void listeners.delete(onChange);
    },
  };
}

/** The shortcuts of the page. */
export const shortcuts = createShortcutStore();
