import type { Request } from 'express';
import expressSession, { type SessionData } from 'express-session';
import { allSessionData } from './all-session-data.ts';
import type { Engine } from './engine-port.ts';
import { nodeify, type Callback } from './node-callback.ts';
import type { Repository } from './repository.ts';
import { sessionOf } from './request-context.ts';
import { hashSecret, parseToken } from './session-id.ts';

/**
 * `req.sessionStore` under `sessionMiddleware`, for code that counts, lists or clears through it. The middleware itself loads and
 * saves. Every method takes a callback, or returns a promise where none is given.
 */
export class MiddlewareStore extends expressSession.Store {
  readonly #engine: Engine;
  readonly #revive: Repository['revive'];

  constructor({ engine, revive }: Repository) {
    super();
    this.#engine = engine;
    this.#revive = revive;
  }

  /** By what the cookie says, `handle.secret`. A public id alone is no credential, and loads nothing. */
  override get(token: string, callback?: Callback<SessionData | null>): Promise<SessionData | null> {
    return nodeify(this.#load(token), callback);
  }

  /** As `req.session.save()`, which is the way to store a session: the id makes no difference. */
  override set(_id: string, session: SessionData, callback?: Callback<void>): Promise<void> {
    return nodeify(save(session), callback);
  }

  /** As `req.session.regenerate()`. */
  override regenerate(req: Request, callback?: Callback<void>): Promise<void> {
    return nodeify(sessionOf(req).regenerate(), callback);
  }

  /** By the public id, `req.sessionID`, or what the cookie says. */
  override destroy(id: string, callback?: Callback<void>): Promise<void> {
    return nodeify(
      this.#engine.destroy(parseToken(id)?.handle ?? id).then(() => undefined),
      callback,
    );
  }

  /** Loading has written what was due. */
  override touch(_id: string, _session: SessionData, callback?: Callback<void>): Promise<void> {
    return nodeify(Promise.resolve(), callback);
  }

  /** How many sessions are live. */
  override length(callback?: Callback<number>): Promise<number> {
    return nodeify(
      this.#engine.count().then(({ sessions }) => sessions),
      callback,
    );
  }

  /** The data of all live sessions, a page at a time from storage. */
  override all(callback?: Callback<SessionData[]>): Promise<SessionData[]> {
    return nodeify(allSessionData(this.#engine), callback);
  }

  override clear(callback?: Callback<void>): Promise<void> {
    return nodeify(
      this.#engine.destroyAll().then(() => undefined),
      callback,
    );
  }

  async #load(text: string): Promise<SessionData | null> {
    const token = parseToken(text);
    const outcome = token && (await this.#engine.load(token.handle, { secretHash: hashSecret(token.secret) }));
    if (outcome?.status !== 'live') return null;
    const cookie = { originalMaxAge: null, expires: new Date(outcome.record.expiresAtMs) };
    return { ...this.#revive(outcome.record.data), cookie };
  }
}

/** What `store.load` gave belongs to no request: express-session's own `save` of it would come back here. */
async function save(session: object): Promise<void> {
  const own = (session as { save?: unknown }).save;
  if (typeof own !== 'function' || own === expressSession.Session.prototype.save)
    throw new TypeError('Store a session through its request: req.session.save().');
  await new Promise<void>((resolve, reject) => {
    Reflect.apply(own, session, [(error: unknown) => (error ? reject(error as Error) : resolve())]);
  });
}
