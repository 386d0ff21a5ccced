import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { argon2Cost } from './argon2-cost.ts';
import { isForeignHash, verifyForeignHash } from './import/foreign-hash.ts';
import { createPepper, findPepper } from './pepper.ts';
import { createBoundedQueue, type QueueOptions } from './bounded-queue.ts';

export interface HashingOptions extends Partial<QueueOptions> {
  /** @default 19456 */
  memoryKib?: number;
  /** @default 2 */
  passes?: number;
  /** Secrets kept outside the database. The first is used for new hashes, all of them to verify. Default: none. */
  peppers?: readonly string[];
}

export interface PasswordHasher {
  /** @throws TooBusyError */
  hash(password: string): Promise<string>;
  /** Whether a password can match: the format and cost are supported, and it is not a marker such as Django's `!`. */
  isUsable(stored: string): boolean;
  /** `needsRehash`: the stored hash has weaker parameters, another format or another pepper than new ones. @throws TooBusyError */
  verify(stored: string, password: string): Promise<{ ok: boolean; needsRehash: boolean }>;
}

/** The library's default algorithm, as a test verifies. */
const ARGON2ID = '$argon2id$';

/** For a hash with an unknown pepper, which no password matches. */
const UNKNOWN_PEPPER = { phc: '', prefix: '', applyPepper: (password: string): string => password };

/** Leaves one core for other requests, and one of libuv's four threads for files and DNS. */
export const MAX_CONCURRENT_HASHES = Math.max(1, Math.min(availableParallelism() - 1, 3));
/** With 25 ms per hash, clients would time out before a longer queue reached them. */
const MAX_WAITING = 64 * MAX_CONCURRENT_HASHES;

/**
 * argon2id with OWASP's recommended parameters, on libuv's thread pool. Passwords are normalized to NFC, so that ü typed as one or as
 * two code points is the same password (NIST SP 800-63B 3.1.1.2).
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id
 */
export function createPasswordHasher(options: HashingOptions = {}): PasswordHasher {
  const { memoryKib = 19_456, passes = 2, peppers = [], concurrency = MAX_CONCURRENT_HASHES, maxWaiting = MAX_WAITING } = options;
  const queued = createBoundedQueue({ concurrency, maxWaiting });
  const current = createPepper(peppers[0]);

  const costOf = (stored: string) => argon2Cost(findPepper(stored, peppers)?.phc ?? '');

  return {
    hash: (password) =>
      queued(async () => {
        const text = current.applyPepper(password.normalize('NFC'));
        return current.prefix + (await hash(text, { memoryCost: memoryKib, timeCost: passes, parallelism: 1 }));
      }),

    isUsable: (stored) => isForeignHash(stored) || costOf(stored) !== undefined,

    verify: (stored, password) =>
      queued(async () => {
        if (isForeignHash(stored)) return { ok: await verifyForeignHash(stored, password), needsRehash: true };
        const { phc, applyPepper, prefix } = findPepper(stored, peppers) ?? UNKNOWN_PEPPER;
        const cost = argon2Cost(phc);
        if (!cost) return { ok: false, needsRehash: false };
        const isCurrent = prefix === current.prefix && phc.startsWith(ARGON2ID) && cost.memoryKib >= memoryKib && cost.passes >= passes;
        return { ok: await verify(phc, applyPepper(password.normalize('NFC'))), needsRehash: !isCurrent };
      }),
  };
}
