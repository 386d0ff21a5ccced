import type { SessionIdentity } from '@gatehouse/contract';
import { ReservedKeyError } from './errors.ts';
import { refuse } from './session-refusal.ts';

/** Keys that are read from the session's user. Only signing in sets them. */
export type IdentityKey = keyof SessionIdentity | 'handle' | 'lastActivity';

const FROM_ACCOUNT = 'It is read from the account: change it there, or sign in with sessionOf(req).signIn().';
const FROM_SESSION = 'sessionOf(req).state() has it for reading.';

const IDENTITY_HINTS: Readonly<Record<IdentityKey, string>> = {
  user: FROM_ACCOUNT,
  userId: FROM_ACCOUNT,
  email: FROM_ACCOUNT,
  name: FROM_ACCOUNT,
  role: FROM_ACCOUNT,
  status: FROM_ACCOUNT,
  handle: FROM_SESSION,
  lastActivity: FROM_SESSION,
};

/** Reserved names, each with what to do instead; undefined: use another name. */
const HINTS: Readonly<Record<string, string | undefined>> = {
  ...IDENTITY_HINTS,
  cookie: 'Set req.session.cookie.maxAge, or call sessionOf(req).setExpiry().',
  id: 'It is read-only: sessionOf(req).cycle() changes the secret in the cookie, signIn() and flush() the session.',
  req: undefined,
  // Methods of express-session.
  ...Object.fromEntries(['touch', 'resetMaxAge', 'save', 'reload', 'destroy', 'regenerate'].map((name) => [name, undefined])),
  prototype: undefined,
  toJSON: undefined,
  // Properties that every object inherits, such as constructor, hasOwnProperty and __proto__. Other code relies on
  // them.
  ...Object.fromEntries(Object.getOwnPropertyNames(Object.prototype).map((name) => [name, undefined])),
};

/** All names except `cookie`, which is an own property of session objects. */
export const RESERVED_KEYS: ReadonlySet<string> = new Set(Object.keys(HINTS).filter((name) => name !== 'cookie'));

export const reservedKeyError = (key: string): ReservedKeyError => new ReservedKeyError(key, HINTS[key]);

const setterOf = (key: string) =>
  function (this: object): void {
    refuse(this, reservedKeyError(key));
  };

export type Getters = Readonly<Record<string, ((this: object) => unknown) | undefined>>;
// No prototype, so that a lookup of `toString` finds nothing.
const NO_GETTERS: Getters = Object.create(null) as Getters;

/**
 * Creates a prototype whose objects refuse every reserved name, including `__proto__`, which would replace the
 * prototype. Reading a name returns what `getters` or `base` have.
 */
export function guardedPrototype(base: object, getters: Getters = NO_GETTERS): object {
  const prototype: object = Object.create(base) as object;
  for (const key of Object.keys(HINTS)) {
    const inherited: unknown = key === '__proto__' ? undefined : Reflect.get(base, key);
    const get = key === '__proto__' ? prototypeOf : (getters[key] ?? (() => inherited));
    Object.defineProperty(prototype, key, { get, set: setterOf(key), configurable: true });
  }
  return prototype;
}

function prototypeOf(this: object): unknown {
  return Object.getPrototypeOf(this);
}
