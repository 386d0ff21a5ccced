import { REASONS, type Reason } from '@gatehouse/contract';
import { TRPCError } from '@trpc/server';

/** The cause of an error we chose to answer; anything else is a surprise and says nothing outward. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly reason: Reason;
  readonly fields: FieldErrors | undefined;
  /** When it is worth another try, for the reasons that pass by themselves. */
  readonly retryAfterSeconds: number | undefined;

  constructor(reason: Reason, { fields, retryAfterSeconds, cause }: RefusalDetails = {}) {
    super(REASONS[reason].message, { cause });
    this.reason = reason;
    this.fields = fields;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Problems of the input, per field: `{ identifier: ['Enter your user name …'] }`; `''` is the input as a whole. */
export type FieldErrors = Record<string, string[]>;

interface RefusalDetails {
  readonly fields?: FieldErrors;
  readonly retryAfterSeconds?: number;
  /** What went wrong, for the log. Never sent. */
  readonly cause?: unknown;
}

/** The tRPC error for a reason: code and message from the one table. */
export function refuse(reason: Reason, details?: RefusalDetails): TRPCError {
  return new TRPCError({ code: REASONS[reason].code, message: REASONS[reason].message, cause: new Refusal(reason, details) });
}
