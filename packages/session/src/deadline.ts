import { StorageUnavailableError } from './errors.ts';
import type { Engine } from './engine-port.ts';
import { namingOutages } from './storage-unavailable.ts';
import { withTimeout } from './with-timeout.ts';

/**
 * Runs `work` with a time limit. Every outage becomes a StorageUnavailableError; other errors are thrown unchanged. A
 * late result is dropped.
 *
 * @throws StorageUnavailableError
 */
export function withStorageTimeout<Result>(name: string, timeoutMs: number, work: () => Promise<Result>): Promise<Result> {
  return withTimeout(namingOutages(`Session storage failed at ${name}.`, work), {
    ms: timeoutMs,
    onTimeout: (): never => {
      throw new StorageUnavailableError(`Session storage did not answer ${name} within ${timeoutMs} ms.`);
    },
  });
}

/**
 * Returns the engine with a time limit on every call, so that a storage that hangs costs a request at most `timeoutMs`
 * milliseconds and is never mistaken for a signed-out user. Outages are thrown as StorageUnavailableError, other errors
 * unchanged. A late result is dropped; the driver decides what happens to the command.
 */
export function withDeadline(engine: Engine, timeoutMs: number): Engine {
  const bound =
    <Args extends unknown[], Result>(name: string, call: (...args: Args) => Promise<Result>, limitMs = timeoutMs) =>
    (...args: Args): Promise<Result> =>
      withStorageTimeout(name, limitMs, () => call(...args));
  return {
    name: engine.name,
    inDatabase: engine.inDatabase,
    // Its users have their own time limits.
    ...(engine.redis && { redis: engine.redis }),
    ...(engine.subscribe && { subscribe: engine.subscribe }),
    ...(engine.nearCache && { nearCache: engine.nearCache }),
    newHandle: bound('newHandle', engine.newHandle),
    create: bound('create', engine.create),
    load: bound('load', engine.load),
    find: bound('find', engine.find),
    peek: bound('peek', engine.peek),
    update: bound('update', engine.update),
    touch: bound('touch', engine.touch),
    claim: bound('claim', engine.claim),
    destroy: bound('destroy', engine.destroy),
    listByUser: bound('listByUser', engine.listByUser),
    list: bound('list', engine.list),
    destroyByUser: bound('destroyByUser', engine.destroyByUser),
    refusesAdoption: bound('refusesAdoption', engine.refusesAdoption),
    // Reads all sessions, in several statements.
    count: bound('count', engine.count, timeoutMs * 10),
    countByUsers: bound('countByUsers', engine.countByUsers),
    signedInUsers: bound('signedInUsers', engine.signedInUsers),
    countExpiring: bound('countExpiring', engine.countExpiring),
    lease: bound('lease', engine.lease),
    userChanged: bound('userChanged', engine.userChanged),
    beginUserChange: bound('beginUserChange', engine.beginUserChange),
    endUserChange: bound('endUserChange', engine.endUserChange),
    // Maintenance works on all rows and may take long.
    destroyAll: engine.destroyAll,
    purgeExpired: engine.purgeExpired,
    close: engine.close,
  };
}
