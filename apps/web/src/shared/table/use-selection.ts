import { useState } from 'react';

export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly set: (ids: ReadonlySet<string>) => void;
  readonly clear: () => void;
}

/** The selected rows of a table, by row id. Rows that are no longer on the page are dropped by the table. */
export function useSelection(): Selection {
  const [ids, set] = useState<ReadonlySet<string>>(() => new Set());
  return { ids, set, clear: () => set(new Set()) };
}
