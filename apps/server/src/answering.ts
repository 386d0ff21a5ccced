import { refuse } from '@gatehouse/api';
import { CredentialsChangedError, NotAdministratorError, UnknownUserError, UserAttributesError } from '@gatehouse/accounts';
import { SessionConflictError } from '@gatehouse/session';
import { isStorageUnavailable } from '@gatehouse/session/engine';
import type { TRPCError } from '@trpc/server';

/** What accounts and sessions throw, in the router's words: above all, a storage that is down is answered as such, and nothing else is. */
export async function answering<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw refusalFor(error) ?? error;
  }
}

/** undefined: an error that nobody expects. */
export function refusalFor(error: unknown): TRPCError | undefined {
  if (isStorageUnavailable(error)) return refuse('STORAGE_UNAVAILABLE', { cause: error });
  if (error instanceof UnknownUserError) return refuse('NOT_FOUND');
  if (error instanceof NotAdministratorError) return refuse('ROLE_REQUIRED');
  if (error instanceof UserAttributesError) return refuse('INVALID_INPUT', { fields: error.problems });
  if (error instanceof CredentialsChangedError || error instanceof SessionConflictError) return refuse('CONFLICT');
  return undefined;
}
