import { REASONS, type Reason } from '@gatehouse/contract';
import { TRPCError } from '@trpc/server';

/** The cause of an expected error. Errors with any other cause are unexpected and reveal nothing to the client. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly reason: Reason;
  readonly fields: FieldErrors | undefined;
  /** When a retry can succeed, for temporary reasons. */
  readonly retryAfterSeconds: number | undefined;

  constructor(reason: Reason, { fields, retryAfterSeconds, cause }: RefusalDetails = {}) {
    super(REASONS[reason].message, { cause });
    this.reason = reason;
    this.fields = fields;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Validation messages by field: `{ identifier: ['Enter your user name …'] }`; `''` stands for the whole input. */
export type FieldErrors = Record<string, string[]>;

interface RefusalDetails {
  readonly fields?: FieldErrors;
  readonly retryAfterSeconds?: number;
  /** The original error, for the log. Never sent to the client. */
  readonly cause?: unknown;
}

/** Creates the tRPC error for a reason, with its code and message from `REASONS`. */
export function refuse(reason: Reason, details?: RefusalDetails): TRPCError {
  return new TRPCError({ code: REASONS[reason].code, message: REASONS[reason].message, cause: new Refusal(reason, details) });
}
