import { REASONS, type Reason } from '@gatehouse/contract';
import { TRPCError } from '@trpc/server';

/** The cause of an error we chose to answer; anything else is a surprise and says nothing outward. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly reason: Reason;

  constructor(reason: Reason) {
    super(REASONS[reason].message);
    this.reason = reason;
  }
}

/** The tRPC error for a reason: code and message from the one table. */
export function refuse(reason: Reason): TRPCError {
  return new TRPCError({ code: REASONS[reason].code, message: REASONS[reason].message, cause: new Refusal(reason) });
}
