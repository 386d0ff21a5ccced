import type { Engine } from '../../engine-port.ts';
import type { DbCreate } from './create.ts';
import type { DestroyedOne, SessionLink } from './destroy-chain.ts';
import type { DbChanges } from './notifications.ts';

interface Announced extends Pick<Engine, 'claim' | 'destroy' | 'destroyByUser' | 'destroyAll' | 'close'> {
  readonly create: DbCreate;
  linkOf(handle: string): Promise<SessionLink | undefined>;
  destroyOne(handle: string, successor: string | null): Promise<DestroyedOne>;
}

/** Returns the engine with a hint for each session that begins or ends. Expiry needs no hint. */
export function announcing<Told extends Announced>(engine: Told, { tell, settle, subscribe }: DbChanges): Told {
  function tellUser(userId: string | null | undefined): void {
    if (typeof userId === 'string') tell({ userId });
  }

  /** The owner is read first, because a hint is sent for their other sessions as well. */
  async function ending<Result>(handle: string, end: () => Promise<Result>): Promise<Result> {
    const link = await engine.linkOf(handle);
    const result = await end();
    if (!link) return result;
    tell({ handle });
    tellUser(link.userId);
    // The sessions that claimed it end with it.
    if (link.successor !== null) tell('anything');
    return result;
  }

  return {
    ...engine,
    ...(subscribe && { subscribe }),
    async create(record, options) {
      const isCreated = await engine.create(record, options);
      if (isCreated && options?.successor === undefined) tellUser(record.userId);
      return isCreated;
    },
    async claim(handle, request) {
      const outcome = await engine.claim(handle, request);
      if (outcome.status === 'claimed') {
        tell({ handle });
        tellUser((await engine.linkOf(handle))?.userId);
      }
      return outcome;
    },
    destroyOne: (handle, successor) => ending(handle, () => engine.destroyOne(handle, successor)),
    destroy: (handle, options) => ending(handle, () => engine.destroy(handle, options)),
    async destroyByUser(userId, options) {
      const ended = await engine.destroyByUser(userId, options);
      tellUser(userId);
      return ended;
    },
    async destroyAll() {
      const ended = await engine.destroyAll();
      tell('anything');
      return ended;
    },
    async close() {
      await settle();
      await engine.close();
    },
  } satisfies Announced & Pick<Engine, 'subscribe'> & Told;
}
