import expressSession from 'express-session';
import { ReservedKeyError } from './errors.ts';
import type { Expiry } from './policy.ts';
import { expiryFromExpires, expiryFromMaxAge } from './requested-expiry.ts';
import type { CookieSettings } from './session-cookie.ts';

/** What a cookie object needs from its session. */
export interface CookieParts {
  readonly settings: CookieSettings;
  readonly now: () => number;
  /** The session's expiry, stored or requested, and the resulting end in epoch milliseconds; undefined: the settings decide. */
  readonly expiry: () => { readonly expiry: Expiry; readonly endsAtMs: number } | undefined;
  readonly setExpiry: (expiry: Expiry) => void;
  /** Must not throw: see `refuse` in session-refusal.ts. */
  readonly refuse: (error: Error) => void;
}

const configured = (name: keyof CookieSettings, env: string) => ({
  read: (settings: CookieSettings): unknown => settings[name],
  where: `set \`cookie.${name}\` of sessionMiddleware (${env})`,
});
const notOffered = { read: (): unknown => undefined, where: 'Gatehouse does not write it' };

/** Attributes that are the same for all sessions. */
const CONFIGURED = {
  path: configured('path', 'SESSION_COOKIE_PATH'),
  domain: configured('domain', 'SESSION_COOKIE_DOMAIN'),
  secure: configured('secure', 'SESSION_COOKIE_SECURE'),
  sameSite: configured('sameSite', 'SESSION_COOKIE_SAMESITE'),
  httpOnly: { read: (): unknown => true, where: 'scripts must not read it' },
  partitioned: notOffered,
  priority: notOffered,
} as const;

/**
 * `req.session.cookie` as in express-session. Setting `maxAge` (milliseconds of inactivity) or `expires` (a date) sets
 * the session's expiry, like `setExpiry`; null means until the browser closes. Both read as null while the settings
 * decide. Attributes that are the same for all sessions can be read; setting them is refused.
 */
export class ExpiryCookie {
  readonly #parts: CookieParts;

  constructor(parts: CookieParts) {
    this.#parts = parts;
  }

  /** The expiry to copy when this cookie is assigned to another session. */
  static expiryOf(cookie: ExpiryCookie): Expiry | undefined {
    return cookie.#parts.expiry()?.expiry;
  }

  /** A property that was added and has no meaning. */
  static strangeKeyOf(cookie: ExpiryCookie): string | undefined {
    return Object.keys(cookie)[0];
  }

  get maxAge(): number | null {
    const { expires } = this;
    return expires && expires.getTime() - this.#parts.now();
  }

  set maxAge(value: unknown) {
    this.#ask(() => expiryFromMaxAge(value, this.#parts.now()));
  }

  get expires(): Date | null {
    const asked = this.#parts.expiry();
    return asked && asked.expiry.customAgeSeconds !== 0 ? new Date(asked.endsAtMs) : null;
  }

  set expires(value: unknown) {
    this.#ask(() => expiryFromExpires(value));
  }

  get originalMaxAge(): number | null {
    const seconds = this.#parts.expiry()?.expiry.customAgeSeconds;
    return seconds ? seconds * 1000 : this.maxAge;
  }

  set originalMaxAge(_value: unknown) {
    this.#parts.refuse(new ReservedKeyError('cookie.originalMaxAge', 'Set cookie.maxAge, or call sessionOf(req).setExpiry().'));
  }

  get data(): object {
    const { originalMaxAge, expires, httpOnly, path, domain, secure, sameSite } = this as this & Record<keyof typeof CONFIGURED, unknown>;
    return { originalMaxAge, expires, httpOnly, path, domain, secure, sameSite };
  }

  toJSON(): object {
    return this.data;
  }

  #ask(expiry: () => Expiry): void {
    try {
      this.#parts.setExpiry(expiry());
    } catch (error) {
      this.#parts.refuse(error as RangeError);
    }
  }

  static {
    // For `instanceof Cookie` and `serialize`.
    Object.setPrototypeOf(this.prototype, expressSession.Cookie.prototype);
    for (const [name, { read, where }] of Object.entries(CONFIGURED))
      Object.defineProperty(this.prototype, name, {
        get(this: ExpiryCookie) {
          return read(this.#parts.settings);
        },
        set(this: ExpiryCookie, value: unknown) {
          if (value !== read(this.#parts.settings))
            this.#parts.refuse(new ReservedKeyError(`cookie.${name}`, `It is the same for every session: ${where}.`));
        },
        configurable: true,
      });
  }
}
