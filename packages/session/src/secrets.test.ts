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

test('a session that never rotated has one secret, however old it is', () => {
  for (const secrets of [created, presented(created, NOW)]) {
    for (const nowMs of [NOW - 1, NOW, NOW + 1e12]) {
      expect(checkSecret(secrets, A, nowMs)).toBe('current');
      expect(checkSecret(secrets, B, nowMs)).toBe('refused');
    }
  }
});

test('after a rotation the previous secret is valid until the new one is presented, and no other secret is', () => {
  for (const nowMs of [NOW, NOW + PREVIOUS_SECRET_GRACE_MS, NOW + 1e12]) {
    expect([A, B, C].map((hash) => checkSecret(rotated, hash, nowMs))).toEqual(['previous', 'current', 'refused']);
  }
});

test('the previous secret is refused five seconds after the new one was presented', () => {
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

test('a second rotation drops the first secret; one by the previous secret drops the lost one', () => {
  const second = rotatedSecrets(B, { secretHash: C, nowMs: NOW });
  expect([A, B, C].map((hash) => checkSecret(second, hash, NOW))).toEqual(['refused', 'previous', 'current']);
  const again = rotatedSecrets(A, { secretHash: C, nowMs: NOW });
  expect([A, B, C].map((hash) => checkSecret(again, hash, NOW))).toEqual(['previous', 'refused', 'current']);
});

test('the current secret may always rotate, a refused one never', () => {
  for (const secrets of [rotated, presented(rotated, NOW)]) {
    for (const nowMs of [NOW, NOW + LOST_ROTATION_MS, NOW + 1e12]) {
      expect(mayRotate(secrets, B, nowMs)).toBe(true);
      expect(mayRotate(secrets, C, nowMs)).toBe(false);
    }
  }
});

test('the previous secret may rotate only if the new cookie was probably lost: after five seconds without a presentation', () => {
  expect(mayRotate(rotated, A, NOW + LOST_ROTATION_MS - 1)).toBe(false);
  expect(mayRotate(rotated, A, NOW + LOST_ROTATION_MS)).toBe(true);
  expect(mayRotate(rotated, A, NOW + 1e12)).toBe(true);
  // The new secret has arrived: the old one is valid for requests in flight only.
  const arrived = presented(rotated, NOW + LOST_ROTATION_MS);
  expect(checkSecret(arrived, A, NOW + LOST_ROTATION_MS)).toBe('previous');
  expect(mayRotate(arrived, A, NOW + LOST_ROTATION_MS)).toBe(false);
});

test('security: hashes of another length never match', () => {
  for (const text of ['', A.slice(0, -1), `${A}A`, A.toLowerCase(), 'é'.repeat(43), '\0'.repeat(43)])
    expect(checkSecret(rotated, text, NOW)).toBe('refused');
  expect(checkSecret(created, 'null', NOW)).toBe('refused');
});

test('in any order of events the current secret is valid, at most one other is, and a secret that may rotate is valid', () => {
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
