import type { Facts } from './facts/facts.ts';

/** The result of a check. `found` and `fix` are sentences for people and contain no secrets. */
export type Verdict =
  | { readonly severity: 'ok' | 'skipped'; readonly found: string }
  | { readonly severity: 'error' | 'warning'; readonly found: string; readonly fix: string };

/**
 * - `error`: always a misconfiguration. The server does not start in production.
 * - `warning`: correct for some installations. Logged at every start in production.
 * - `skipped`: not checked; `found` says why.
 */
export type Severity = Verdict['severity'];

export type Finding = Verdict & {
  /** The `id` of the check. */
  readonly check: string;
};

/** Checks for one possible problem of an installation. `judge` is a pure function of the gathered facts. */
export interface Check {
  /** The name of its file in `checks/`, and its heading in docs/doctor.md. */
  readonly id: string;
  /** The settings it depends on. It is skipped if one of them is invalid. */
  readonly needs: readonly string[];
  readonly judge: (facts: Facts) => Verdict | readonly Verdict[];
}

export const ok = (found: string): Verdict => ({ severity: 'ok', found });
export const skipped = (found: string): Verdict => ({ severity: 'skipped', found });
export const warning = (found: string, fix: string): Verdict => ({ severity: 'warning', found, fix });
export const error = (found: string, fix: string): Verdict => ({ severity: 'error', found, fix });
