import { CredentialsChangedError, NotAdministratorError, UnknownUserError, UserAttributesError } from '@gatehouse/accounts';
import { refuse } from '@gatehouse/api';
import type { TRPCError } from '@trpc/server';
import { refusalFor, withRefusals } from './to-trpc-error.ts';

function accountRefusalFor(error: unknown): TRPCError | undefined {
  if (error instanceof UnknownUserError) return refuse('NOT_FOUND');
  if (error instanceof NotAdministratorError) return refuse('ROLE_REQUIRED');
  if (error instanceof UserAttributesError) return refuse('INVALID_INPUT', { fields: error.problems });
  if (error instanceof CredentialsChangedError) return refuse('CONFLICT');
  return refusalFor(error);
}

/** Like `withRefusals`, for the errors of accounts as well. */
export const withAccountRefusals = <Result>(work: () => Promise<Result>): Promise<Result> => withRefusals(work, accountRefusalFor);
