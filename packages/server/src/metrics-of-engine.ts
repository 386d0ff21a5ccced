import type { Engine } from '@gatehouse/session';
import { isStorageUnavailable } from '@gatehouse/session/engine';
import type { MetricsRegistry } from './metrics-registry.ts';

/** The methods that call the storage. `subscribe`, `newHandle`, `policyEndMs` and `close` do not, or not only. */
export const ENGINE_OPERATIONS = [
  'create',
  'load',
  'find',
  'peek',
  'update',
  'touch',
  'claim',
  'destroy',
  'listByUser',
  'list',
  'destroyByUser',
  'destroyAll',
  'refusesAdoption',
  'count',
  'countByUsers',
  'signedInUsers',
  'countExpiring',
  'purgeExpired',
  'lease',
  'userChanged',
  'beginUserChange',
  'endUserChange',
] as const satisfies readonly (keyof Engine)[];

type Call = (...args: unknown[]) => Promise<unknown>;

/** The engine with each operation passed through `around`. */
export function wrapOperations(engine: Engine, around: (operation: string, call: Call) => Call): Engine {
  const wrapped = ENGINE_OPERATIONS.map((name) => [name, around(name, engine[name] as Call)]);
  return { ...engine, ...Object.fromEntries(wrapped) };
}

/** The engine, with its operations timed and its failures and refused updates counted. */
export function withEngineMetrics(
  engine: Engine,
  metrics: Pick<MetricsRegistry, 'engineTook' | 'engineFailed' | 'updateRefused' | 'addOperations' | 'addNearCache'>,
): Engine {
  metrics.addOperations(ENGINE_OPERATIONS);
  if (engine.nearCache) metrics.addNearCache(engine.nearCache);
  const measured = wrapOperations(engine, (operation, call) => async (...args) => {
    const begin = performance.now();
    try {
      return await call(...args);
    } catch (error) {
      metrics.engineFailed(operation, isStorageUnavailable(error) ? 'unavailable' : 'error');
      throw error;
    } finally {
      metrics.engineTook(operation, (performance.now() - begin) / 1000);
    }
  });
  return {
    ...measured,
    async update(...args) {
      const outcome = await measured.update(...args);
      if (outcome.status !== 'updated') metrics.updateRefused(outcome.status === 'gone' ? 'ended' : 'conflict');
      return outcome;
    },
  };
}
