import { StorageUnavailableError } from './errors.ts';

type IsOutage = (error: unknown) => boolean;

const known = new Set<IsOutage>();

/**
 * Says how outages of a kind of storage are recognized. Called by what loads its driver, so that nothing loads a driver only to ask
 * whether an error is one of its errors.
 */
export const recognizeOutages = (isOutage: IsOutage): void => void known.add(isOutage);

/**
 * An outage of the storage, so that the same call may succeed later: a request is answered 503. false for errors of the data and for
 * mistakes in the code, which another try meets again.
 */
export const isStorageUnavailable = (error: unknown): boolean =>
  error instanceof StorageUnavailableError || [...known].some((isOutage) => isOutage(error));

/** Throws a StorageUnavailableError in place of an outage, and any other error as it is. */
export async function namingOutages<Result>(message: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StorageUnavailableError || !isStorageUnavailable(error)) throw error;
    throw new StorageUnavailableError(message, { cause: error });
  }
}
