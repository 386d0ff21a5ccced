import { z } from 'zod';

/** One thing wrong with one setting, and what to do about it. Never carries a secret's value. */
export interface Problem {
  readonly name: string;
  /** Goes on from the name: `must be a whole number of seconds, not "14d".` */
  readonly problem: string;
  /** What to write instead. */
  readonly mend: string;
}

/** Reports a problem of the value being read; return what it gives. */
export function refuse(ctx: z.RefinementCtx, problem: string, mend: string): never {
  ctx.addIssue({ code: 'custom', message: problem, params: { mend } });
  return z.NEVER;
}

/** A wrong value as a message may show it: one line, no control characters, not long. Never call it with a secret. */
export const shown = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
