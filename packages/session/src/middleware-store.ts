import type { Request } from 'express';
import expressSession, { type SessionData } from 'express-session';
import { allSessionData } from './all-session-data.ts';
import type { Engine } from './engine-port.ts';
import { nodeify, type Callback } from './node-callback.ts';
import type { Repository } from './repository.ts';
import { sessionOf } from './request-context.ts';
import { hashSecret, parseToken } from './session-id.ts';

/**
 * `req.sessionStore` with `sessionMiddleware`, for code that counts, lists or clears sessions. The middleware itself
 * loads and saves. Every method takes a callback, or returns a promise if there is none.
 */
export class MiddlewareStore extends expressSession.Store {
  readonly #engine: Engine;
  readonly #revive: Repository['revive'];

  constructor({ engine, revive }: Repository) {
    super();
    this.#engine = engine;
    this.#revive = revive;
  }

  /** Takes the cookie's token, `handle.secret`. A public id alone is not a credential and loads nothing. */
  override get(token: string, callback?: Callback<SessionData | null>): Promise<SessionData | null> {
    return nodeify(this.#load(token), callback);
  }

  /** Same as `req.session.save()`. The id is ignored. */
  override set(_id: string, session: SessionData, callback?: Callback<void>): Promise<void> {
    return nodeify(save(session), callback);
  }

  /** Same as `req.session.regenerate()`. */
  override regenerate(req: Request, callback?: Callback<void>): Promise<void> {
    return nodeify(sessionOf(req).flush(), callback);
  }

  /** Takes the public id, `req.sessionID`, or the cookie's token. */
  override destroy(id: string, callback?: Callback<void>): Promise<void> {
    return nodeify(
      this.#engine.destroy(parseToken(id)?.handle ?? id).then(() => undefined),
      callback,
    );
  }

  /** Loading has already written any due activity. */
  override touch(_id: string, _session: SessionData, callback?: Callback<void>): Promise<void> {
    return nodeify(Promise.resolve(), callback);
  }

  /** Counts live sessions. */
  override length(callback?: Callback<number>): Promise<number> {
    return nodeify(
      this.#engine.count().then(({ sessions }) => sessions),
      callback,
    );
  }

  /** Returns the data of all live sessions. Reads storage page by page. */
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

/** A session from `store.load` has no request: express-session's own `save` would call this method again. */
async function save(session: object): Promise<void> {
  const own = (session as { save?: unknown }).save;
  if (typeof own !== 'function' || own === expressSession.Session.prototype.save)
    throw new TypeError('Store a session through its request: req.session.save().');
  await new Promise<void>((resolve, reject) => {
    Reflect.apply(own, session, [(error: unknown) => (error ? reject(error as Error) : resolve())]);
  });
}
