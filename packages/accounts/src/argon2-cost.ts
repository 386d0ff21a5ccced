import { parseOptions } from '@node-rs/argon2';

export interface Argon2Cost {
  readonly memoryKib: number;
  readonly passes: number;
}

/** 256 MiB; Django asks for 100. With the queue, this bounds the memory of hashing whatever is stored. */
const MAX_MEMORY_KIB = 262_144;
const MAX_PASSES = 16;
const MAX_PARALLELISM = 64;

/** What a stored argon2 hash asks for; undefined where it cannot be read, or asks for more than is given to any. */
export function argon2Cost(stored: string): Argon2Cost | undefined {
  try {
    const { memoryCost, timeCost, parallelism } = parseOptions(stored);
    if (memoryCost > MAX_MEMORY_KIB || timeCost > MAX_PASSES || parallelism > MAX_PARALLELISM) return undefined;
    return { memoryKib: memoryCost, passes: timeCost };
  } catch {
    return undefined;
  }
}
