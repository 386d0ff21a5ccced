/** Replicas are usually behind by milliseconds and a few kilobytes. */
export const MAX_LAG_MS = 10_000;
export const MAX_LAG_BYTES = 1024 * 1024;
