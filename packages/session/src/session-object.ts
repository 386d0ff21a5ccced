import type { Request } from 'express';
import expressSession from 'express-session';
import { guardedPrototype, type IdentityKey } from './reserved-keys.ts';
import { refuse } from './session-refusal.ts';
import { snapshotOf, type Snapshot } from './session-snapshot.ts';

/** What session objects are connected to. */
export interface SessionObjectParts {
  readonly cookieOf: (session: object) => unknown;
  readonly setCookie: (session: object, value: unknown) => void;
}

/** The request's session, as far as express-session's methods need it. */
export interface SessionActions {
  readonly saveObject: (session: object) => Promise<void>;
  readonly reload: () => Promise<void>;
  readonly drop: () => Promise<void>;
  readonly regenerate: () => Promise<void>;
}

const REQUEST = Symbol('request');
const ACTIONS = Symbol('actions');
interface WithRequest {
  readonly [REQUEST]: Request;
  readonly [ACTIONS]: SessionActions;
}

type Done = (error?: unknown) => void;

const IDENTITY: Readonly<Record<IdentityKey, (snapshot: Snapshot | undefined) => unknown>> = {
  user: (snapshot) => snapshot?.user ?? undefined,
  userId: (snapshot) => snapshot?.user?.id,
  email: (snapshot) => snapshot?.user?.email,
  name: (snapshot) => snapshot?.user?.name,
  role: (snapshot) => snapshot?.user?.role,
  status: (snapshot) => snapshot?.user?.status,
  handle: (snapshot) => snapshot?.record.handle,
  lastActivity: (snapshot) => snapshot && new Date(snapshot.record.lastActivityAtMs),
};

/**
 * express-session's methods, with optional callbacks. Without one, an error of `reload` or `regenerate` is kept and thrown when the session
 * is stored at the end of the request. An error of `save` or `destroy` is dropped, because the end of the request tries the same again.
 */
const METHODS = {
  // Loading has already written any due activity.
  touch(this: object) {
    return this;
  },
  resetMaxAge(this: object) {
    return this;
  },
  save(this: WithRequest, done: Done = ignore) {
    return nodeify(this, this[ACTIONS].saveObject(this), done);
  },
  reload(this: WithRequest, done: Done = (error) => keep(this, error)) {
    return nodeify(this, this[ACTIONS].reload(), done);
  },
  destroy(this: WithRequest, done: Done = ignore) {
    return nodeify(this, this[ACTIONS].drop(), done);
  },
  regenerate(this: WithRequest, done: Done = (error) => keep(this[REQUEST].session, error)) {
    return nodeify(this, this[ACTIONS].regenerate(), done);
  },
};

const ignore: Done = () => undefined;

/** Calls back in a microtask, so that an error thrown by the callback is uncaught there and not a rejection here. */
function nodeify<This>(self: This, work: Promise<void>, done: Done): This {
  work.then(
    () => queueMicrotask(() => done()),
    (error: unknown) => queueMicrotask(() => done(error)),
  );
  return self;
}

function keep(session: object, error: unknown): void {
  if (error) refuse(session, error as Error);
}

/** Creates the objects of `req.session`: express-session's Session, with the user's fields, and with reserved names refused. */
export function createSessionObjects({ cookieOf, setCookie }: SessionObjectParts) {
  const getters = Object.create(null) as Record<string, (this: object) => unknown>;
  getters['id'] = function () {
    return snapshotOf(this)?.record.handle ?? '';
  };
  getters['req'] = function () {
    return (this as WithRequest)[REQUEST];
  };
  for (const [key, read] of Object.entries(IDENTITY))
    getters[key] = function () {
      return read(snapshotOf(this));
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
  // On the prototype as well, in case the session's own property is deleted.
  Object.defineProperty(prototype, 'cookie', cookie);
  const own: PropertyDescriptor = { ...cookie, enumerable: true };

  return {
    /** Creates an empty session object for a request. */
    create(req: Request, actions: SessionActions): object {
      const session: object = Object.create(prototype) as object;
      Object.defineProperty(session, REQUEST, { value: req });
      Object.defineProperty(session, ACTIONS, { value: actions });
      Object.defineProperty(session, 'cookie', own);
      return session;
    },

    isOne: (value: unknown): value is object => typeof value === 'object' && value !== null && Object.hasOwn(value, REQUEST),
  };
}

export type SessionObjects = ReturnType<typeof createSessionObjects>;
