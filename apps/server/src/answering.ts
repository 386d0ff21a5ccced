import { refuse } from '@gatehouse/api';
import { CredentialsChangedError, NotAdministratorError, UnknownUserError } from '@gatehouse/accounts';
import { isDatabaseUnavailable } from '@gatehouse/prisma';
import { StorageUnavailableError } from '@gatehouse/session';

/** What accounts and sessions throw, in the router's words: above all, a storage that is down is answered as such. */
export async function answering<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StorageUnavailableError || isDatabaseUnavailable(error)) throw refuse('STORAGE_UNAVAILABLE', { cause: error });
    if (error instanceof UnknownUserError) throw refuse('NOT_FOUND');
    if (error instanceof NotAdministratorError) throw refuse('ROLE_REQUIRED');
    if (error instanceof CredentialsChangedError) throw refuse('CONFLICT');
    throw error;
  }
}
