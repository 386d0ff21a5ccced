import type { Request } from 'express';
import expressSession from 'express-session';
import { guardedPrototype, type IdentityKey } from './reserved-keys.ts';
import type { Origin } from './session-origin.ts';
import { refuse } from './session-refusal.ts';

/** What session objects are connected to. */
export interface SessionObjectParts {
  readonly originOf: (session: object) => Origin | undefined;
  readonly cookieOf: (session: object) => unknown;
  readonly setCookie: (session: object, value: unknown) => void;
}

const REQUEST = Symbol('request');
const ID = Symbol('id');
interface WithRequest {
  readonly [REQUEST]: Request;
  readonly [ID]: string;
}

type Done = (error?: unknown) => void;

const IDENTITY: Readonly<Record<IdentityKey, (origin: Origin | undefined) => unknown>> = {
  user: (origin) => origin?.user ?? undefined,
  userId: (origin) => origin?.user?.id,
  email: (origin) => origin?.user?.email,
  name: (origin) => origin?.user?.name,
  role: (origin) => origin?.user?.role,
  status: (origin) => origin?.user?.status,
  handle: (origin) => origin?.record.handle,
  lastActivity: (origin) => origin && new Date(origin.record.lastActivityAtMs),
};

/**
 * express-session's methods, with callbacks that may be left out. An error that nobody is called back with is kept for the end of
 * the request, where the session is stored or ended once more.
 */
const METHODS = {
  // Loading has written what was due.
  touch(this: object) {
    return this;
  },
  resetMaxAge(this: object) {
    return this;
  },
  save(this: WithRequest, done: Done = ignore) {
    this[REQUEST].sessionStore.set(this[ID], this as never, done);
    return this;
  },
  reload(this: WithRequest, done: Done = (error) => keep(this, error)) {
    const { [REQUEST]: req, [ID]: id } = this;
    req.sessionStore.get(id, (error: unknown, data) => {
      if (error) return done(error);
      if (!data) return done(new Error('failed to load session'));
      req.sessionStore.createSession(req, data);
      done();
    });
    return this;
  },
  destroy(this: WithRequest, done: Done = ignore) {
    Reflect.deleteProperty(this[REQUEST], 'session');
    this[REQUEST].sessionStore.destroy(this[ID], done);
    return this;
  },
  regenerate(this: WithRequest, done: Done = (error) => keep(this[REQUEST].session, error)) {
    this[REQUEST].sessionStore.regenerate(this[REQUEST], done);
    return this;
  },
};

const ignore: Done = () => undefined;

function keep(session: object, error: unknown): void {
  if (error) refuse(session, error as Error);
}

/** Makes the objects behind `req.session`: express-session's own kind, with identity beside the data and every name of theirs guarded. */
export function createSessionObjects({ originOf, cookieOf, setCookie }: SessionObjectParts) {
  const getters = Object.create(null) as Record<string, (this: object) => unknown>;
  getters['id'] = function () {
    return (this as WithRequest)[ID];
  };
  getters['req'] = function () {
    return (this as WithRequest)[REQUEST];
  };
  for (const [key, read] of Object.entries(IDENTITY))
    getters[key] = function () {
      return read(originOf(this));
    };
  for (const [key, method] of Object.entries(METHODS)) getters[key] = () => method;

  const prototype = guardedPrototype(expressSession.Session.prototype, getters);
  const cookie: PropertyDescriptor = {
    get(this: object) {
      return cookieOf(this);
    },
    set(this: object, value: unknown) {
      setCookie(this, value);
    },
    configurable: true,
  };
  // Here as well, for a session whose own was deleted.
  Object.defineProperty(prototype, 'cookie', cookie);
  const own: PropertyDescriptor = { ...cookie, enumerable: true };

  return {
    /** An empty session for a request, under the id that the request has. */
    create(req: Request): object {
      const session: object = Object.create(prototype) as object;
      Object.defineProperty(session, REQUEST, { value: req });
      Object.defineProperty(session, ID, { value: req.sessionID });
      Object.defineProperty(session, 'cookie', own);
      return session;
    },

    isOne: (value: unknown): value is object => typeof value === 'object' && value !== null && Object.hasOwn(value, REQUEST),

    requestOf: (session: object): Request | undefined => (session as Partial<WithRequest>)[REQUEST],
  };
}
