import { StorageUnavailableError } from './errors.ts';
import type { Engine } from './engine-port.ts';
import { namingOutages } from './storage-unavailable.ts';
import { withTimeout } from './with-timeout.ts';

/**
 * `work`, bounded in time, and every outage one kind of error. A late answer is dropped. Errors of the data and of the code are thrown as
 * they are: another try meets them again.
 * @throws StorageUnavailableError
 */
export function withinTime<Result>(name: string, timeoutMs: number, work: () => Promise<Result>): Promise<Result> {
  return withTimeout(namingOutages(`Session storage failed at ${name}.`, work), {
    ms: timeoutMs,
    onTimeout: (): never => {
      throw new StorageUnavailableError(`Session storage did not answer ${name} within ${timeoutMs} ms.`);
    },
  });
}

/**
 * The same engine with every call bounded in time and every outage one kind of error, so that a storage that
 * hangs costs a request at most `timeoutMs` and is never mistaken for a signed-out user. What is no outage is thrown as it is.
 * A late answer is dropped; the engine's own driver decides what becomes of the command.
 */
export function withDeadline(engine: Engine, timeoutMs: number): Engine {
  const bound =
    <Args extends unknown[], Result>(name: string, call: (...args: Args) => Promise<Result>) =>
    (...args: Args): Promise<Result> =>
      withinTime(name, timeoutMs, () => call(...args));
  return {
    name: engine.name,
    inDatabase: engine.inDatabase,
    // Who uses it has time limits of their own.
    ...(engine.redis && { redis: engine.redis }),
    newHandle: bound('newHandle', engine.newHandle),
    create: bound('create', engine.create),
    load: bound('load', engine.load),
    find: bound('find', engine.find),
    update: bound('update', engine.update),
    touch: bound('touch', engine.touch),
    claim: bound('claim', engine.claim),
    destroy: bound('destroy', engine.destroy),
    listByUser: bound('listByUser', engine.listByUser),
    list: bound('list', engine.list),
    destroyByUser: bound('destroyByUser', engine.destroyByUser),
    refusesAdoption: bound('refusesAdoption', engine.refusesAdoption),
    count: bound('count', engine.count),
    lease: bound('lease', engine.lease),
    userChanged: bound('userChanged', engine.userChanged),
    beginUserChange: bound('beginUserChange', engine.beginUserChange),
    endUserChange: bound('endUserChange', engine.endUserChange),
    // Maintenance works on all rows and may take its time.
    destroyAll: engine.destroyAll,
    purgeExpired: engine.purgeExpired,
    close: engine.close,
  };
}
