import type { EngineOptions } from '../../engine-options.ts';
import type { Engine } from '../../engine-port.ts';
import { usersOf } from '../users-of.ts';
import { createMemoryEngine } from './memory-engine.ts';
import { createMemoryStorage, type MemoryStorage } from './memory-storage.ts';

/**
 * Sessions in this process, for tests, demos and examples. They end with it. Pass the same `storage` to open several
 * engines on the same sessions. @throws TypeError without `users` and `database`
 */
export const openMemoryEngine = async (options: EngineOptions, storage: MemoryStorage = createMemoryStorage()): Promise<Engine> =>
  createMemoryEngine({ ...options, users: await usersOf(options) }, storage);
