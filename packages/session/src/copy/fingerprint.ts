import { createHash } from 'node:crypto';
import type { CopiedSession } from './copy-storage.ts';

/** Differs if anything of the session has changed. The data need not be read: each change of it raises the version. */
export const fingerprintOf = ({ record, claim }: CopiedSession): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        record.secretHash,
        record.previousSecretHash,
        record.rotatedAtMs,
        record.presentedAtMs,
        record.credentialEpoch,
        record.version,
        record.createdAtMs,
        record.renewedAtMs,
        record.lastActivityAtMs,
        record.expiresAtMs,
        record.customAgeSeconds,
        record.fixedExpiryMs,
        claim?.claimedAtMs ?? null,
      ]),
    )
    .digest('base64url')
    .slice(0, 22);

/** Whether nothing of the first session is newer than in the other. */
export const isNotNewer = ({ record: one }: CopiedSession, { record: other }: CopiedSession): boolean =>
  one.version <= other.version && one.lastActivityAtMs <= other.lastActivityAtMs && one.rotatedAtMs <= other.rotatedAtMs;
