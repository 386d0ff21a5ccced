import { parseOptions } from '@node-rs/argon2';

export interface Argon2Cost {
  readonly memoryKib: number;
  readonly passes: number;
}

/** 256 MiB; Django uses 100. Together with the queue, this limits memory regardless of what is stored. */
const MAX_MEMORY_KIB = 262_144;
const MAX_PASSES = 16;
const MAX_PARALLELISM = 64;

/** The cost of a stored argon2 hash; undefined if it cannot be parsed or exceeds the limits above. */
export function argon2Cost(stored: string): Argon2Cost | undefined {
  try {
    const { memoryCost, timeCost, parallelism } = parseOptions(stored);
    if (memoryCost > MAX_MEMORY_KIB || timeCost > MAX_PASSES || parallelism > MAX_PARALLELISM) return undefined;
    return { memoryKib: memoryCost, passes: timeCost };
  } catch {
    return undefined;
  }
}
