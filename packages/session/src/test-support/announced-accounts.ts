import type { TestAccounts } from '../conformance/engine-fixture.ts';
import type { Engine } from '../engine-port.ts';

/** Changes accounts and announces each change to the engine, like an app whose sessions are not in its database. */
export function announcedAccounts(source: TestAccounts, engine: Engine): TestAccounts {
  /** `ends`: sessions are ended before the change is committed. */
  async function change<Result>(userId: string, work: () => Promise<Result>, ends?: () => Promise<unknown>): Promise<Result> {
    const token = await engine.beginUserChange(userId);
    try {
      await ends?.();
      return await work();
    } finally {
      await engine.userChanged(userId);
      await engine.endUserChange(userId, token);
    }
  }
  const endAll = (id: string) => () => engine.destroyByUser(id);
  return {
    ...source,
    rename: (id, name) => change(id, () => source.rename(id, name)),
    setRole: (id, role) => change(id, () => source.setRole(id, role)),
    storeAttributes: (id, text) => change(id, () => source.storeAttributes(id, text)),
    suspend: (id) => change(id, () => source.suspend(id), endAll(id)),
    reactivate: (id) => change(id, () => source.reactivate(id)),
    remove: (id) => change(id, () => source.remove(id), endAll(id)),
    async raiseEpoch(id, options = {}) {
      const kept = options.exceptHandle === undefined ? undefined : await engine.find(options.exceptHandle);
      const except = kept && { exceptHandle: kept.record.handle, exceptEpoch: kept.record.credentialEpoch + 1 };
      return change(
        id,
        () => source.raiseEpoch(id, options),
        () => engine.destroyByUser(id, { ...except, epochRises: true }),
      );
    },
  };
}
