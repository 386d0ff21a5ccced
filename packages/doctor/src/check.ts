import type { Facts } from './facts/facts.ts';

/** What a check says. `found` and `mend` are sentences for a person, without secrets. */
export type Verdict =
  | { readonly severity: 'ok' | 'skipped'; readonly found: string }
  | { readonly severity: 'error' | 'warning'; readonly found: string; readonly mend: string };

/**
 * - `error`: nobody can want it; a production start stops.
 * - `warning`: there are installations where it is right; it is said at every production start.
 * - `skipped`: not looked at, and why.
 */
export type Severity = Verdict['severity'];

export type Finding = Verdict & {
  /** The `id` of the check. */
  readonly check: string;
};

/** One thing that can be wrong with an installation: a pure function of what was found out about it. */
export interface Check {
  /** The name of its file in `checks/`, and its heading in docs/doctor.md. */
  readonly id: string;
  /** Settings it rests on: where one of them could not be read, it is skipped. */
  readonly needs: readonly string[];
  readonly judge: (facts: Facts) => Verdict | readonly Verdict[];
}

export const ok = (found: string): Verdict => ({ severity: 'ok', found });
export const skipped = (found: string): Verdict => ({ severity: 'skipped', found });
export const warning = (found: string, mend: string): Verdict => ({ severity: 'warning', found, mend });
export const error = (found: string, mend: string): Verdict => ({ severity: 'error', found, mend });
