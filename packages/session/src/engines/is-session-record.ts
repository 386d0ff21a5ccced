import type { SessionRecord } from '../engine-port.ts';
import { isObject } from './parse-json.ts';

const isText = (value: unknown): boolean => typeof value === 'string';
const isTextOrNull = (value: unknown): boolean => value === null || typeof value === 'string';
const isNumberOrNull = (value: unknown): boolean => value === null || Number.isSafeInteger(value);

/** Whether a stored value is a session record of this version. Written by hand, because it runs for every request. */
export function isSessionRecord(value: unknown): value is SessionRecord {
  if (!isObject(value)) return false;
  const record = value as { [Name in keyof SessionRecord]?: unknown };
  const { createdAtMs, renewedAtMs, lastActivityAtMs, expiresAtMs, rotatedAtMs } = record;
  return (
    [record.handle, record.secretHash].every(isText) &&
    [record.userId, record.previousSecretHash, record.ip, record.userAgent].every(isTextOrNull) &&
    [record.credentialEpoch, record.version, createdAtMs, renewedAtMs, lastActivityAtMs, expiresAtMs, rotatedAtMs].every(
      Number.isSafeInteger,
    ) &&
    [record.presentedAtMs, record.customAgeSeconds, record.fixedExpiryMs].every(isNumberOrNull) &&
    isObject(record.data) &&
    !Array.isArray(record.data)
  );
}
