import { StorageUnavailableError } from './errors.ts';

type IsOutage = (error: unknown) => boolean;

const known = new Set<IsOutage>();

/**
 * Registers how to recognize outages of one kind of storage. The module that loads a driver calls it, so that no driver
 * is loaded only to check an error.
 */
export const recognizeOutages = (isOutage: IsOutage): void => void known.add(isOutage);

/**
 * Whether the error is an outage of the storage, which is answered with 503. false for bad data and mistakes in the
 * code, which a retry would meet again.
 */
export const isStorageUnavailable = (error: unknown): boolean =>
  error instanceof StorageUnavailableError || [...known].some((isOutage) => isOutage(error));

/** Runs `work` and throws its outages as StorageUnavailableError. Other errors are thrown unchanged. */
export async function namingOutages<Result>(message: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StorageUnavailableError || !isStorageUnavailable(error)) throw error;
    throw new StorageUnavailableError(message, { cause: error });
  }
}
