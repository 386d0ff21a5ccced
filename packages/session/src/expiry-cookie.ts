import expressSession from 'express-session';
import { ReservedKeyError } from './errors.ts';
import type { Expiry } from './policy.ts';
import { expiryFromExpires, expiryFromMaxAge } from './requested-expiry.ts';
import type { CookieSettings } from './session-cookie.ts';

/** What a cookie object needs of its session. */
export interface CookieParts {
  readonly settings: CookieSettings;
  readonly now: () => number;
  /** The expiry that the session has or was asked to have, and when it ends by it; undefined: as the settings say. */
  readonly expiry: () => { readonly expiry: Expiry; readonly endsAtMs: number } | undefined;
  readonly setExpiry: (expiry: Expiry) => void;
  /** Never throws: see `refuse`. */
  readonly refuse: (error: Error) => void;
}

const configured = (name: keyof CookieSettings, env: string) => ({
  read: (settings: CookieSettings): unknown => settings[name],
  where: `set \`cookie.${name}\` of sessionMiddleware (${env})`,
});
const notOffered = { read: (): unknown => undefined, where: 'Gatehouse does not write it' };

/** What all cookies of sessions have in common. */
const CONFIGURED = {
  path: configured('path', 'SESSION_COOKIE_PATH'),
  domain: configured('domain', 'SESSION_COOKIE_DOMAIN'),
  secure: configured('secure', 'SESSION_COOKIE_SECURE'),
  sameSite: configured('sameSite', 'SESSION_COOKIE_SAMESITE'),
  httpOnly: { read: (): unknown => true, where: 'scripts can never read it' },
  partitioned: notOffered,
  priority: notOffered,
} as const;

/**
 * `req.session.cookie`, as express-session's users know it: `maxAge` (milliseconds of inactivity) and `expires` (a date) set when the
 * session ends, as `setExpiry` does; null is until the browser closes. Both read null while the session follows the settings.
 * What is the same for all sessions can be read and is refused when it is set.
 */
export class ExpiryCookie {
  readonly #parts: CookieParts;

  constructor(parts: CookieParts) {
    this.#parts = parts;
  }

  /** What another session takes over, if this is assigned to it. */
  static expiryOf(cookie: ExpiryCookie): Expiry | undefined {
    return cookie.#parts.expiry()?.expiry;
  }

  /** A name that was added and means nothing. */
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
    // `instanceof Cookie`, and `serialize`.
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
