import { setTimeout as sleep } from 'node:timers/promises';
import { NewerFormatError } from '../engines/record-format.ts';
import { isStorageUnavailable } from '../storage-unavailable.ts';

const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 500;

/**
 * Runs a step of a copy again if a storage did not answer in time: their time limits are those of requests, and no request waits for a copy.
 * The step must be one that may be repeated.
 */
export async function repeatOnOutage<T>(step: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await step();
    } catch (error) {
      if (attempt === ATTEMPTS || !isStorageUnavailable(error) || error instanceof NewerFormatError) throw error;
      await sleep(FIRST_PAUSE_MS * attempt);
    }
  }
}
