import { timingSafeEqual } from 'node:crypto';
import type { SessionSecrets } from './session-record.ts';

/**
 * After a rotation the previous secret stays valid until the new one is first presented, and this much longer: requests
 * that were sent together with that one still carry the previous secret. Milliseconds.
 */
export const PREVIOUS_SECRET_GRACE_MS = 5000;

/** If the new secret has not been presented by then, its cookie was probably lost: the previous secret may rotate again. Milliseconds. */
export const LOST_ROTATION_MS = 5000;

/** A presented secret is the session's current one, the one before the last rotation and still valid, or neither. */
export type SecretCheck = 'current' | 'previous' | 'refused';

/** Constant-time comparison of hashes. */
const isEqual = (one: string, other: string): boolean => {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length === second.length && timingSafeEqual(first, second);
};

/** Checks a presented secret. The engines' scripts implement the same rule, which the conformance suite verifies. */
export function checkSecret(secrets: SessionSecrets, presentedHash: string, nowMs: number): SecretCheck {
  if (isEqual(secrets.secretHash, presentedHash)) return 'current';
  const { previousSecretHash, presentedAtMs } = secrets;
  if (previousSecretHash === null || !isEqual(previousSecretHash, presentedHash)) return 'refused';
  return presentedAtMs === null || nowMs < presentedAtMs + PREVIOUS_SECRET_GRACE_MS ? 'previous' : 'refused';
}

/** Whether a request that presents this secret may rotate. The current secret may; the previous one only if the new cookie was lost. */
export function mayRotate(secrets: SessionSecrets, presentedHash: string, nowMs: number): boolean {
  const check = checkSecret(secrets, presentedHash, nowMs);
  return check === 'current' || (check === 'previous' && secrets.presentedAtMs === null && nowMs >= secrets.rotatedAtMs + LOST_ROTATION_MS);
}

export interface NewSecret {
  readonly secretHash: string;
  readonly nowMs: number;
}

/** The secrets after a plain rotation: the secret that was presented stays valid until the new one arrives. */
export const rotatedSecrets = (presentedHash: string, { secretHash, nowMs }: NewSecret): SessionSecrets => ({
  secretHash,
  previousSecretHash: presentedHash,
  rotatedAtMs: nowMs,
  presentedAtMs: null,
});

/** The secrets of a new session, or after a rise in privilege (sign-in, re-authentication): no other secret is valid. */
export const freshSecrets = ({ secretHash, nowMs }: NewSecret): SessionSecrets => ({
  secretHash,
  previousSecretHash: null,
  rotatedAtMs: nowMs,
  presentedAtMs: null,
});
