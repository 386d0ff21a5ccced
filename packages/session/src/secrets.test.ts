import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkSecret, freshSecrets, LOST_ROTATION_MS, mayRotate, PREVIOUS_SECRET_GRACE_MS, rotatedSecrets } from './secrets.ts';
import { hashSecret } from './session-id.ts';
import type { SessionSecrets } from './session-record.ts';

const NOW = Date.UTC(2030, 0, 1);
const [A, B, C] = ['a', 'b', 'c'].map(hashSecret) as [string, string, string];

const created = freshSecrets({ secretHash: A, nowMs: NOW });
const rotated = rotatedSecrets(A, { secretHash: B, nowMs: NOW });
const presented = (secrets: SessionSecrets, presentedAtMs: number): SessionSecrets => ({ ...secrets, presentedAtMs });

test('a session that never rotated knows one secret, however long ago it was made', () => {
  for (const secrets of [created, presented(created, NOW)]) {
    for (const nowMs of [NOW - 1, NOW, NOW + 1e12]) {
      expect(checkSecret(secrets, A, nowMs)).toBe('current');
      expect(checkSecret(secrets, B, nowMs)).toBe('refused');
    }
  }
});

test('after a rotation the previous secret is valid while the new one has not been presented, and no other ever', () => {
  for (const nowMs of [NOW, NOW + PREVIOUS_SECRET_GRACE_MS, NOW + 1e12]) {
    expect([A, B, C].map((hash) => checkSecret(rotated, hash, nowMs))).toEqual(['previous', 'current', 'refused']);
  }
});

test('the previous secret is refused from five seconds after the new one was presented', () => {
  const arrived = presented(rotated, NOW + 100);
  expect(checkSecret(arrived, A, NOW + 100 + PREVIOUS_SECRET_GRACE_MS - 1)).toBe('previous');
  expect(checkSecret(arrived, A, NOW + 100 + PREVIOUS_SECRET_GRACE_MS)).toBe('refused');
  expect(checkSecret(arrived, B, NOW + 1e12)).toBe('current');
});

test('after a rise in privilege no other secret is valid', () => {
  expect(freshSecrets({ secretHash: B, nowMs: NOW })).toEqual({
    secretHash: B,
    previousSecretHash: null,
    rotatedAtMs: NOW,
    presentedAtMs: null,
  });
});

test('a second rotation forgets the first secret; one by the previous secret forgets the one that was lost', () => {
  const second = rotatedSecrets(B, { secretHash: C, nowMs: NOW });
  expect([A, B, C].map((hash) => checkSecret(second, hash, NOW))).toEqual(['refused', 'previous', 'current']);
  const again = rotatedSecrets(A, { secretHash: C, nowMs: NOW });
  expect([A, B, C].map((hash) => checkSecret(again, hash, NOW))).toEqual(['previous', 'refused', 'current']);
});

test('the current secret may rotate at any time, a refused one never', () => {
  for (const secrets of [rotated, presented(rotated, NOW)]) {
    for (const nowMs of [NOW, NOW + LOST_ROTATION_MS, NOW + 1e12]) {
      expect(mayRotate(secrets, B, nowMs)).toBe(true);
      expect(mayRotate(secrets, C, nowMs)).toBe(false);
    }
  }
});

test('the previous secret may rotate only when the new cookie seems to be lost: five seconds, and nobody has presented it', () => {
  expect(mayRotate(rotated, A, NOW + LOST_ROTATION_MS - 1)).toBe(false);
  expect(mayRotate(rotated, A, NOW + LOST_ROTATION_MS)).toBe(true);
  expect(mayRotate(rotated, A, NOW + 1e12)).toBe(true);
  // It has arrived: still valid for requests in flight, but no more than that.
  const arrived = presented(rotated, NOW + LOST_ROTATION_MS);
  expect(checkSecret(arrived, A, NOW + LOST_ROTATION_MS)).toBe('previous');
  expect(mayRotate(arrived, A, NOW + LOST_ROTATION_MS)).toBe(false);
});

test('security: only a whole hash is compared, whatever its length', () => {
  for (const text of ['', A.slice(0, -1), `${A}A`, A.toLowerCase(), 'é'.repeat(43), '\0'.repeat(43)])
    expect(checkSecret(rotated, text, NOW)).toBe('refused');
  expect(checkSecret(created, 'null', NOW)).toBe('refused');
});

test('whatever happened, in any order: the current secret is valid, never more than one other, and who may rotate is valid', () => {
  const hash = fc.integer({ min: 0, max: 5 }).map((index) => hashSecret(String(index)));
  const time = fc.integer({ min: -20_000, max: 20_000 }).map((ms) => NOW + ms);
  const secrets = fc.record({
    secretHash: hash,
    previousSecretHash: fc.option(hash),
    rotatedAtMs: time,
    presentedAtMs: fc.option(time),
  });
  fc.assert(
    fc.property(secrets, time, (stored, nowMs) => {
      const all = Array.from({ length: 6 }, (_, index) => hashSecret(String(index)));
      const valid = all.filter((one) => checkSecret(stored, one, nowMs) !== 'refused');
      expect(checkSecret(stored, stored.secretHash, nowMs)).toBe('current');
      expect(valid.length).toBeLessThanOrEqual(2);
      for (const one of all) if (mayRotate(stored, one, nowMs)) expect(valid).toContain(one);
      expect(mayRotate(stored, stored.secretHash, nowMs)).toBe(true);
    }),
  );
});
