import { DJANGO_HASHES, makeDjangoHashes, stopwatch } from '@gatehouse/prisma/testing';
import { byTier } from '@gatehouse/prisma/testing/by-tier';
import { describe, expect, test } from 'vitest';
import { CHEAP } from '../../test-support/temporary-accounts.ts';
import { createPasswordHasher } from '../password-hasher.ts';
import { verifyDjangoHash } from './django-hash.ts';

const fresh = makeDjangoHashes();

/** The passwords that must match: all that match in Django, and those that differ from one of them only in Unicode composition. */
const expected = ({ fits, tried }: { fits: readonly string[]; tried: readonly string[] }): string[] =>
  tried.filter((password) => fits.includes(password) || fits.includes(password.normalize('NFC')));

const [newest] = DJANGO_HASHES.slice(-1);

describe.each([...DJANGO_HASHES, ...(fresh ? [fresh] : [])])('security 21: hashes of Django $django', (site) => {
  const { cases, refused, tried: all } = site;
  // Hashes with Django's default cost are slow, so those of older versions are only in the long tier.
  const isCheap = (name: string): boolean => name.includes(',');
  const chosen = Object.entries(cases).filter(([name]) => isCheap(name) || site === newest || byTier(false, true));

  test.each(chosen)('match exactly the right passwords: %s', async (name, { stored, fits }) => {
    // At least one right and one wrong password.
    const tried = isCheap(name) ? all : all.slice(0, 2);
    expect(fits.length).toBeGreaterThan(0);
    const hasher = createPasswordHasher(CHEAP);
    const outcomes = await Promise.all(tried.map(async (password) => ({ password, ...(await hasher.verify(stored, password)) })));
    expect(outcomes.filter(({ ok }) => ok)).toEqual(
      expected({ fits, tried }).map((password) => ({ password, ok: true, needsRehash: true })),
    );
  });

  test.each(Object.entries(refused))('that are unusable match nothing: %s', async (_, stored) => {
    const hasher = createPasswordHasher(CHEAP);
    expect(hasher.isUsable(stored)).toBe(false);
    for (const password of all) expect((await hasher.verify(stored, password)).ok).toBe(false);
  });
});

/** Hashes of 'lètmein' from Django's tests and documentation, and from Python's hashlib, argon2-cffi and bcrypt as Django calls them. */
const KNOWN = [
  'pbkdf2_sha256$1$seasalt$mJQ8D8xVBAKQGCo0t0n+NSPS2a0gQhVtjuC9LdL9WiM=',
  'pbkdf2_sha256$12000$seasalt$Ybw8zsFxqja97tY/o6G+Fy1ksY4U/Hw3DRrGED6Up4s=',
  'pbkdf2_sha256$390000$seasalt$8xBlGd3jVgvJ+92hWPxi5ww0uuAuAnKgC45eudxro7c=',
  'pbkdf2_sha256$1200000$seasalt$6sTlFi4QohxXLuZigqDIUNX8xG9NxrTmV8+flFQdBqE=',
  'pbkdf2_sha1$260000$seasalt$XXHk2gQ7tjWIyrS320RXXsGqkUg=',
  'scrypt$16384$seasalt$8$1$Qj3+9PPyRjSJIebHnG81TMjsqtaIGxNQG/aEB/NYafTJ7tibgfYz71m0ldQESkXFRkdVCBhhY8mx7rQwite/Pw==',
  'scrypt$16384$seasalt$8$5$ECMIUp+LMxMSK8xB/IVyba+KYGTI7FTnet025q/1f/vBAVnnP3hdYqJuRi+mJn6ji6ze3Fbb7JEFPKGpuEf5vw==',
  'argon2$argon2i$v=19$m=64,t=1,p=2$c29tZXNhbHQ$CUPzx7ovjkVMPCHkbOVLOA',
  'argon2$argon2d$v=19$m=64,t=1,p=2$c29tZXNhbHQ$f0VmRmir8nvCTmhDIveydg',
  'argon2$argon2id$v=19$m=64,t=1,p=2$c29tZXNhbHQ$XN95f5dedb5zT6QHvOri2A',
  'bcrypt$$2b$04$abcdefghijklmnopqrstuuanVo7Xut1CH8VGIGlz1JovQh9GJbbtG',
  'bcrypt_sha256$$2b$04$abcdefghijklmnopqrstuulyx/yrfLnuLCi6gwFG5mrkJjuQKpL6S',
];

test.each(KNOWN)('security 21: verifies %s', async (stored) => {
  expect(await verifyDjangoHash(stored, 'lètmein')).toBe(true);
});

test('security 13: a password that Django hashed in decomposed form still matches', async () => {
  // hashlib.pbkdf2_hmac('sha256', 'le\u0300tmein'.encode(), b'seasalt', 1000)
  const stored = 'pbkdf2_sha256$1000$seasalt$ZHl463Q4amVR6YZ6PuKthUk+BB/1Z1PJC7mTVKdrVLc=';
  expect(await verifyDjangoHash(stored, 'le\u0300tmein')).toBe(true);
  expect(await verifyDjangoHash(stored, 'lètmein')).toBe(false);
  // A hash of the composed form matches both forms, as for every password here.
  expect(await verifyDjangoHash(KNOWN[1] ?? '', 'le\u0300tmein')).toBe(true);
});

const HOSTILE = [
  '!',
  '',
  'pbkdf2_sha256$1000000000$seasalt$mJQ8D8xVBAKQGCo0t0n+NSPS2a0gQhVtjuC9LdL9WiM=',
  'pbkdf2_sha256$10000001$seasalt$mJQ8D8xVBAKQGCo0t0n+NSPS2a0gQhVtjuC9LdL9WiM=',
  'pbkdf2_sha256$0$seasalt$mJQ8D8xVBAKQGCo0t0n+NSPS2a0gQhVtjuC9LdL9WiM=',
  // An empty hash would match every password.
  'pbkdf2_sha256$1000$seasalt$AA==',
  'pbkdf2_md5$1000$seasalt$AAAA',
  'scrypt$16383$seasalt$8$1$Qj3+9PPyRjSJIebHnG81TMjsqtaIGxNQG/aEB/NYafTJ7tibgfYz71m0ldQESkXFRkdVCBhhY8mx7rQwite/Pw==',
  'scrypt$4194304$seasalt$8$1$Qj3+9PPyRjSJIebHnG81TMjsqtaIGxNQG/aEB/NYafTJ7tibgfYz71m0ldQESkXFRkdVCBhhY8mx7rQwite/Pw==',
  'scrypt$16384$seasalt$8$99$Qj3+9PPyRjSJIebHnG81TMjsqtaIGxNQG/aEB/NYafTJ7tibgfYz71m0ldQESkXFRkdVCBhhY8mx7rQwite/Pw==',
  'argon2$argon2id$v=19$m=4194304,t=2,p=8$c29tZXNhbHQ$XN95f5dedb5zT6QHvOri2A',
  'argon2$argon2id$v=19$m=64,t=1000000,p=2$c29tZXNhbHQ$XN95f5dedb5zT6QHvOri2A',
  '$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$XN95f5dedb5zT6QHvOri2A',
  'bcrypt$$2b$31$abcdefghijklmnopqrstuuanVo7Xut1CH8VGIGlz1JovQh9GJbbtG',
  'md5$seasalt$3f86d0d3d465b7b458c231bf3555c0e3',
];

test.each(HOSTILE)('security 19: a hash that is too expensive or invalid is refused before any work: %s', async (stored) => {
  const hasher = createPasswordHasher(CHEAP);
  expect(hasher.isUsable(stored)).toBe(false);
  const tookMs = stopwatch();
  expect((await hasher.verify(stored, 'lètmein')).ok).toBe(false);
  expect(tookMs()).toBeLessThan(50);
});
