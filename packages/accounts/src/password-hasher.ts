import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { argon2Cost } from './argon2-cost.ts';
import { isDjangoHash, verifyDjangoHash } from './django/django-hash.ts';
import { createHashQueue, type HashQueueOptions } from './hash-queue.ts';

export interface HashingOptions extends Partial<HashQueueOptions> {
  /** Default 19456. */
  memoryKib?: number;
  /** Default 2. */
  passes?: number;
}

export interface PasswordHasher {
  /** Throws TooBusyError. */
  hash(password: string): Promise<string>;
  /** Whether any password can fit it: not a hash of a kind or a cost that is not supported, or a mark like Django's `!`. */
  isUsable(stored: string): boolean;
  /** `needsRehash`: the stored hash is weaker than today's parameters, or of another kind. Throws TooBusyError. */
  verify(stored: string, password: string): Promise<{ ok: boolean; needsRehash: boolean }>;
}

/** The library's default algorithm; a test holds it to that. */
const ARGON2ID = '$argon2id$';

/**
 * One core stays free for requests that only read. libuv has four threads, which files and DNS need too.
 * A longer line than this would be answered after the clients have given up (25 ms a hash).
 */
const CONCURRENCY = Math.max(1, Math.min(availableParallelism() - 1, 3));
const MAX_WAITING = 64 * CONCURRENCY;

/**
 * argon2id with OWASP's first choice of parameters, on libuv's threads. Passwords are NFC-normalised, so that ü typed
 * as one or as two code points is the same password (NIST SP 800-63B 3.1.1.2).
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id
 */
export function createPasswordHasher(options: HashingOptions = {}): PasswordHasher {
  const { memoryKib = 19_456, passes = 2, concurrency = CONCURRENCY, maxWaiting = MAX_WAITING } = options;
  const queued = createHashQueue({ concurrency, maxWaiting });

  return {
    hash: (password) => queued(() => hash(password.normalize('NFC'), { memoryCost: memoryKib, timeCost: passes, parallelism: 1 })),

    isUsable: (stored) => isDjangoHash(stored) || argon2Cost(stored) !== undefined,

    verify: (stored, password) =>
      queued(async () => {
        if (isDjangoHash(stored)) return { ok: await verifyDjangoHash(stored, password), needsRehash: true };
        const cost = argon2Cost(stored);
        if (!cost) return { ok: false, needsRehash: false };
        return {
          ok: await verify(stored, password.normalize('NFC')),
          needsRehash: !stored.startsWith(ARGON2ID) || cost.memoryKib < memoryKib || cost.passes < passes,
        };
      }),
  };
}
