import { refuse } from '@gatehouse/api';
import { CredentialsChangedError, NotAdministratorError, UnknownUserError, UserAttributesError } from '@gatehouse/accounts';
import { isStorageUnavailable } from '@gatehouse/session';

/** What accounts and sessions throw, in the router's words: above all, a storage that is down is answered as such, and nothing else is. */
export async function answering<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isStorageUnavailable(error)) throw refuse('STORAGE_UNAVAILABLE', { cause: error });
    if (error instanceof UnknownUserError) throw refuse('NOT_FOUND');
    if (error instanceof NotAdministratorError) throw refuse('ROLE_REQUIRED');
    if (error instanceof UserAttributesError) throw refuse('INVALID_INPUT', { fields: error.problems });
    if (error instanceof CredentialsChangedError) throw refuse('CONFLICT');
    throw error;
  }
}
