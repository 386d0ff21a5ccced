import { createHash } from 'node:crypto';

/** A text that differs when the set of these handles does: see `PeekedSession`. */
export const listVersionOf = (handles: readonly string[]): string =>
  createHash('sha256')
    .update([...handles].sort().join(' '))
    .digest('base64url');
