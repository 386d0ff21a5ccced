import { refuse } from '@gatehouse/api';
import { SessionConflictError } from '@gatehouse/session';
import { isStorageUnavailable } from '@gatehouse/session/engine';
import { TRPCError } from '@trpc/server';

/** The refusal for an expected error of the sessions or of the storage; undefined for any other error. */
export function refusalFor(error: unknown): TRPCError | undefined {
  if (isStorageUnavailable(error)) return refuse('STORAGE_UNAVAILABLE', { cause: error });
  if (error instanceof SessionConflictError) return refuse('CONFLICT');
  return undefined;
}

/** An unexpected error is a defect: it is logged in full, and the response says INTERNAL. */
export const toTrpcError = (error: unknown): TRPCError =>
  refusalFor(error) ?? new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause: error });

/** Runs `work`, and throws its expected errors as refusals. */
export async function withRefusals<Result>(
  work: () => Promise<Result>,
  refusal: (error: unknown) => TRPCError | undefined = refusalFor,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw refusal(error) ?? error;
  }
}
