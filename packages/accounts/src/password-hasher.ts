import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { argon2Cost } from './argon2-cost.ts';
import { isDjangoHash, verifyDjangoHash } from './django/django-hash.ts';
import { pepperedWith, peppering } from './pepper.ts';
import { createBoundedQueue, type QueueOptions } from './bounded-queue.ts';

export interface HashingOptions extends Partial<QueueOptions> {
  /** Default 19456. */
  memoryKib?: number;
  /** Default 2. */
  passes?: number;
  /** Secrets that are kept apart from the database: the first hashes, all verify. Default: none. */
  peppers?: readonly string[];
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

/** By a pepper that is not here: nothing fits it. */
const UNKNOWN = { phc: '', prefix: '', season: (password: string): string => password };

/** Passwords that are hashed at once. One core stays free for requests that only read. libuv has four threads, which files and DNS need too. */
export const PASSWORDS_AT_ONCE = Math.max(1, Math.min(availableParallelism() - 1, 3));
/** A longer line than this would be answered after the clients have given up (25 ms a hash). */
const MAX_WAITING = 64 * PASSWORDS_AT_ONCE;

/**
 * argon2id with OWASP's first choice of parameters, on libuv's threads. Passwords are NFC-normalised, so that ü typed
 * as one or as two code points is the same password (NIST SP 800-63B 3.1.1.2).
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id
 */
export function createPasswordHasher(options: HashingOptions = {}): PasswordHasher {
  const { memoryKib = 19_456, passes = 2, peppers = [], concurrency = PASSWORDS_AT_ONCE, maxWaiting = MAX_WAITING } = options;
  const queued = createBoundedQueue({ concurrency, maxWaiting });
  const current = peppering(peppers[0]);

  const costOf = (stored: string) => argon2Cost(pepperedWith(stored, peppers)?.phc ?? '');

  return {
    hash: (password) =>
      queued(async () => {
        const text = current.season(password.normalize('NFC'));
        return current.prefix + (await hash(text, { memoryCost: memoryKib, timeCost: passes, parallelism: 1 }));
      }),

    isUsable: (stored) => isDjangoHash(stored) || costOf(stored) !== undefined,

    verify: (stored, password) =>
      queued(async () => {
        if (isDjangoHash(stored)) return { ok: await verifyDjangoHash(stored, password), needsRehash: true };
        const { phc, season, prefix } = pepperedWith(stored, peppers) ?? UNKNOWN;
        const cost = argon2Cost(phc);
        if (!cost) return { ok: false, needsRehash: false };
        const isToday = prefix === current.prefix && phc.startsWith(ARGON2ID) && cost.memoryKib >= memoryKib && cost.passes >= passes;
        return { ok: await verify(phc, season(password.normalize('NFC'))), needsRehash: !isToday };
      }),
  };
}
