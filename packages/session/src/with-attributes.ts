import { readAttributes, type AttributesSchema } from '@gatehouse/contract';
import type { Engine, LiveSession } from './engine-port.ts';

/**
 * The same engine, whose users have their attributes by a schema. Engines store and copy what the account holds, whatever this version
 * declares: a changed schema makes no copy unreadable, and two versions can serve the same sessions.
 */
export function withAttributes(engine: Engine, schema: AttributesSchema): Engine {
  function typed<Found extends LiveSession>(session: Found): Found {
    const { user } = session;
    return user ? { ...session, user: { ...user, attributes: readAttributes(user.attributes, schema) } } : session;
  }

  return {
    ...engine,
    async load(handle, request) {
      const outcome = await engine.load(handle, request);
      return outcome.status === 'live' ? typed(outcome) : outcome;
    },
    async find(handle) {
      const session = await engine.find(handle);
      return session && typed(session);
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
