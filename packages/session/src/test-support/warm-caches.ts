import { AsyncLocalStorage } from 'node:async_hooks';
import type { Engine } from '../engine-port.ts';

/** Loads until a near cache answers; it needs a lease first. Some sessions are never cached. */
const MAX_LOADS = 4;

export interface WarmCaches {
  /** The engine. Each session that a test loads, or changes later, is then in the near cache of every process. */
  warmed(engine: Engine): Engine;
  /** Whether this is a load of ours and not of the test. */
  isWarming(): boolean;
  /** Loads that a near cache has answered. */
  hits(): number;
}

/** Makes the most of near caches, so that a test fails if one is not emptied in time. */
export function createWarmCaches(): WarmCaches {
  const engines: Engine[] = [];
  /** Hashes of presented secrets, by handle. */
  const presented = new Map<string, string>();
  const warming = new AsyncLocalStorage<true>();

  const hitsOf = (engine: Engine): number => engine.nearCache?.().hits ?? 0;

  async function warm(engine: Engine, handle: string, secretHash: string): Promise<void> {
    const before = hitsOf(engine);
    for (let loads = 0; loads < MAX_LOADS && hitsOf(engine) === before; loads += 1)
      if ((await engine.load(handle, { secretHash })).status !== 'live') return;
  }

  async function warmAll(handle: string): Promise<void> {
    const secretHash = presented.get(handle);
    // A test of outages may have stopped the storage.
    if (secretHash !== undefined)
      await warming.run(true, () => Promise.allSettled(engines.map((engine) => warm(engine, handle, secretHash))));
  }

  return {
    warmed(engine) {
      engines.push(engine);
      return {
        ...engine,
        async load(handle, request) {
          const outcome = await engine.load(handle, request);
          if (outcome.status === 'live') {
            presented.set(handle, request.secretHash);
            await warmAll(handle);
          }
          return outcome;
        },
        async update(handle, update) {
          const outcome = await engine.update(handle, update);
          await warmAll(handle);
          return outcome;
        },
        async touch(handle, ...args) {
          const isTouched = await engine.touch(handle, ...args);
          await warmAll(handle);
          return isTouched;
        },
      };
    },
    isWarming: () => warming.getStore() === true,
    hits: () => engines.reduce((sum, engine) => sum + hitsOf(engine), 0),
  };
}
