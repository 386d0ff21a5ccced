import { z } from 'zod';

/** A problem with a setting, and how to fix it. Never contains the value of a secret. */
export interface Problem {
  readonly name: string;
  /** Continues the name: `must be a whole number of seconds, not "14d".` */
  readonly problem: string;
  /** How to fix it, as a sentence. */
  readonly fix: string;
}

/** Reports a problem with the value. Return the result from the transform. */
export function refuse(ctx: z.RefinementCtx, problem: string, fix: string): never {
  ctx.addIssue({ code: 'custom', message: problem, params: { fix } });
  return z.NEVER;
}

/** An invalid value for a message: one line, no control characters, shortened. Do not use it for secrets. */
export const quote = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
