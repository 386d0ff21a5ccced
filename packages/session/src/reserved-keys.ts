import type { SessionIdentity } from '@gatehouse/contract';
import { ReservedKeyError } from './errors.ts';
import { refuse } from './session-refusal.ts';

/** Read through the session's user; nobody sets it but signing in. */
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

/** Names that are not data, each with what to do instead; undefined: take another name. */
const HINTS: Readonly<Record<string, string | undefined>> = {
  ...IDENTITY_HINTS,
  cookie: 'Set req.session.cookie.maxAge, or call sessionOf(req).setExpiry().',
  id: 'It is read-only: sessionOf(req).cycle() changes the secret in the cookie, signIn() and flush() the session.',
  req: undefined,
  // express-session's methods.
  ...Object.fromEntries(['touch', 'resetMaxAge', 'save', 'reload', 'destroy', 'regenerate'].map((name) => [name, undefined])),
  prototype: undefined,
  toJSON: undefined,
  // What every object inherits, such as constructor, hasOwnProperty and __proto__: other code takes it for granted.
  ...Object.fromEntries(Object.getOwnPropertyNames(Object.prototype).map((name) => [name, undefined])),
};

/** All but `cookie`, which a session object has as a key of its own. */
export const RESERVED_KEYS: ReadonlySet<string> = new Set(Object.keys(HINTS).filter((name) => name !== 'cookie'));

export const reservedKeyError = (key: string): ReservedKeyError => new ReservedKeyError(key, HINTS[key]);

const setterOf = (key: string) =>
  function (this: object): void {
    refuse(this, reservedKeyError(key));
  };

export type Getters = Readonly<Record<string, ((this: object) => unknown) | undefined>>;
// Without a prototype: names such as toString are looked up in it.
const NO_GETTERS: Getters = Object.create(null) as Getters;

/**
 * A prototype whose objects refuse every reserved name, also `__proto__`, which would change the prototype itself. What `base` has
 * under a name is still read, or what `getters` say.
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
