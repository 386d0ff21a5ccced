import { isDatabaseUnavailable } from '@gatehouse/prisma';
import { StorageUnavailableError } from './errors.ts';

/**
 * An outage of the storage, so that the same call may succeed later: a request is answered 503. false for errors of the data and for
 * mistakes in the code, which another try meets again.
 */
export const isStorageUnavailable = (error: unknown): boolean => error instanceof StorageUnavailableError || isDatabaseUnavailable(error);

/** Throws a StorageUnavailableError in place of an outage, and any other error as it is. */
export async function namingOutages<Result>(message: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StorageUnavailableError || !isDatabaseUnavailable(error)) throw error;
    throw new StorageUnavailableError(message, { cause: error });
  }
}
