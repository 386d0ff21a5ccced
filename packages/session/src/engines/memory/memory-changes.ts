import type { ChangeHint, Engine } from '../../engine-port.ts';
import type { MemoryStorage } from './memory-storage.ts';

/** Returns the engine with a hint to every listener on its storage after a session begins or ends, or a user changes. */
export function announcing(storage: MemoryStorage, engine: Engine): Engine {
  const tell = (hint: ChangeHint): void => {
    for (const listener of storage.listeners) listener(hint);
  };
  const tellUser = (userId: string | null | undefined): void => {
    if (typeof userId === 'string') tell({ userId });
  };
  const ownerOf = (handle: string): string | null | undefined => storage.entries.get(handle)?.record.userId;

  return {
    ...engine,
    subscribe({ onHint, onConnected }) {
      storage.listeners.add(onHint);
      onConnected(true);
      return { close: async () => void storage.listeners.delete(onHint) };
    },
    async create(record, options) {
      const created = await engine.create(record, options);
      if (created && options?.successor === undefined) tellUser(record.userId);
      return created;
    },
    async claim(handle, request) {
      const outcome = await engine.claim(handle, request);
      if (outcome.status === 'claimed') tellSession(handle, ownerOf(handle));
      return outcome;
    },
    async destroy(handle, options) {
      const owner = ownerOf(handle);
      const successor = storage.entries.get(handle)?.claim?.successor;
      const ended = await engine.destroy(handle, options);
      tellSession(handle, owner);
      if (successor !== undefined) tell('anything');
      return ended;
    },
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
    async userChanged(userId) {
      await engine.userChanged(userId);
      tellUser(userId);
    },
    async endUserChange(userId, token) {
      await engine.endUserChange(userId, token);
      tellUser(userId);
    },
  };

  function tellSession(handle: string, owner: string | null | undefined): void {
    tell({ handle });
    tellUser(owner);
  }
}
