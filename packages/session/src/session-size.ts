import { SessionTooLargeError } from './errors.ts';
import type { StoredData } from './session-record.ts';

/**
 * Far below the limits of the storages (MariaDB 16 MiB a statement, MySQL 5.7 4 MiB, Redis 512 MiB a value) and far
 * above what a session needs: it is read with every request, and written with every change.
 */
export const DEFAULT_MAX_DATA_BYTES = 262_144;

const MAX_KEY_LENGTH = 60;

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/**
 * Refuses data that is too large before the storage is called, with the same error on every engine. Data that was
 * already too large may shrink, so that after the limit was lowered a key can still be removed.
 * @throws SessionTooLargeError
 */
export function assertFits(data: StoredData, maxBytes: number, before?: StoredData): void {
  const bytes = bytesOf(data);
  if (bytes <= maxBytes || (before && bytes < bytesOf(before))) return;
  const largest = Object.entries(data)
    .map(([key, value]) => ({ key: key.slice(0, MAX_KEY_LENGTH), bytes: bytesOf(key) + bytesOf(value) }))
    .toSorted((one, other) => other.bytes - one.bytes);
  throw new SessionTooLargeError({ bytes, maxBytes, largest: largest.slice(0, 3) });
}
