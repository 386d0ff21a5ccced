import { readAttributes, type AttributesSchema } from '@gatehouse/contract';
import type { Engine, StoredSession } from './engine-port.ts';
import { followMoves } from './moved-session.ts';

/**
 * Returns the engine with users whose attributes are parsed by a schema. Engines store attributes as the account has
 * them, so a changed schema does not make stored copies unreadable, and servers of two versions can share sessions.
 */
export function withAttributes(engine: Engine, schema: AttributesSchema): Engine {
  function typed<Found extends Pick<StoredSession, 'user'>>(session: Found): Found {
    const { user } = session;
    return user ? { ...session, user: { ...user, attributes: readAttributes(user.attributes, schema) } } : session;
  }

  return {
    ...engine,
    async load(handle, request) {
      const loaded = await engine.load(handle, request);
      const outcome = loaded.status === 'claimed' ? await followMoves(loaded, request, engine.load) : loaded;
      return outcome.status === 'live' ? typed(outcome) : outcome;
    },
    async find(handle) {
      const session = await engine.find(handle);
      return session && typed(session);
    },
    async peek(handles) {
      return new Map([...(await engine.peek(handles))].map(([handle, session]) => [handle, typed(session)]));
    },
    async listByUser(userId, page) {
      const { sessions, next } = await engine.listByUser(userId, page);
      return { sessions: sessions.map(typed), next };
    },
    async list(page) {
      const { sessions, next } = await engine.list(page);
      return { sessions: sessions.map(typed), next };
    },
  };
}
