import { parseOptions } from '@node-rs/argon2';
import { expect, test } from 'vitest';
import { CHEAP } from '../test-support/temporary-accounts.ts';
import { createPasswordHasher } from './password-hasher.ts';

test('security W-29: the hash is argon2id with at least the parameters that OWASP recommends', async () => {
  const stored = await createPasswordHasher().hash('x');
  expect(stored).toMatch(/^\$argon2id\$v=19\$/);
  const { memoryCost, timeCost, parallelism, saltLen, outputLen } = parseOptions(stored);
  expect({ memoryCost, timeCost, parallelism }).toEqual({ memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  expect(saltLen).toBeGreaterThanOrEqual(16);
  expect(outputLen).toBeGreaterThanOrEqual(32);
});

test('security 13: passwords are compared exactly after NFC, so only composed and decomposed forms are equal', async () => {
  const hasher = createPasswordHasher(CHEAP);
  const stored = await hasher.hash('größe  ');
  expect(await hasher.verify(stored, 'gro\u0308ße  ')).toEqual({ ok: true, needsRehash: false });
  const others = ['größe ', 'Größe  ', 'grösse  ', 'ｇröße  ', ' größe '];
  expect(await Promise.all(others.map(async (other) => (await hasher.verify(stored, other)).ok))).toEqual(others.map(() => false));
});

test('security 21: weaker parameters need a rehash, equal and stronger ones do not', async () => {
  const stored = await createPasswordHasher({ memoryKib: 16, passes: 2 }).hash('x');
  const verify = async (memoryKib: number, passes: number) =>
    (await createPasswordHasher({ memoryKib, passes }).verify(stored, 'x')).needsRehash;
  expect(await Promise.all([verify(16, 2), verify(8, 1), verify(32, 2), verify(16, 3)])).toEqual([false, false, true, true]);
});

test('the first pepper hashes, all peppers verify, and a hash with another pepper or none needs a rehash', async () => {
  const plain = createPasswordHasher(CHEAP);
  const one = createPasswordHasher({ ...CHEAP, peppers: ['one'] });
  const two = createPasswordHasher({ ...CHEAP, peppers: ['two', 'one'] });
  const [unpeppered, peppered] = await Promise.all([plain.hash('größe'), one.hash('größe')]);
  expect(peppered).toMatch(/^pepper:[\w-]{8}\$argon2id\$/);
  expect(await one.verify(unpeppered, 'größe')).toEqual({ ok: true, needsRehash: true });
  expect(await one.verify(peppered, 'gro\u0308ße')).toEqual({ ok: true, needsRehash: false });
  expect(await two.verify(peppered, 'größe')).toEqual({ ok: true, needsRehash: true });
  expect((await one.verify(peppered, 'grösse')).ok).toBe(false);
  expect(await two.verify(await two.hash('größe'), 'größe')).toEqual({ ok: true, needsRehash: false });
});

test('after a pepper is lost, no password matches, and the stored hash does not reveal the password', async () => {
  const stored = await createPasswordHasher({ ...CHEAP, peppers: ['one'] }).hash('größe');
  for (const hasher of [createPasswordHasher(CHEAP), createPasswordHasher({ ...CHEAP, peppers: ['two'] })]) {
    expect(hasher.isUsable(stored)).toBe(false);
    expect((await hasher.verify(stored, 'größe')).ok).toBe(false);
    // Removing the pepper's name from the hash does not help.
    expect((await hasher.verify(stored.slice(stored.indexOf('$')), 'größe')).ok).toBe(false);
  }
});

test('hashing does not block the event loop', async () => {
  const hasher = createPasswordHasher();
  let ticks = 0;
  const ticking = setInterval(() => (ticks += 1), 1);
  await Promise.all(Array.from({ length: 10 }, () => hasher.hash('x')));
  clearInterval(ticking);
  expect(ticks).toBeGreaterThan(10);
});
