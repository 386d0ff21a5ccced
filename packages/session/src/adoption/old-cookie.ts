import signature from 'cookie-signature';
import { presentedCookies } from '../session-cookie.ts';

export interface OldCookieSettings {
  readonly name: string;
  /** Secrets of the old app. Any of them may have signed the cookie. */
  readonly secrets: readonly string[];
}

/**
 * The id in a cookie signed by express-session. undefined if there is no such cookie, its signature is wrong, or there
 * are two: the old app did not set both, and it is unclear which one it set.
 */
export function oldSessionId(header: string | undefined, { name, secrets }: OldCookieSettings): string | undefined {
  const [value, ...more] = presentedCookies(header, name);
  if (more.length > 0 || !value?.startsWith('s:')) return undefined;
  for (const secret of secrets) {
    const id = signature.unsign(value.slice(2), secret);
    if (id !== false && id !== '') return id;
  }
  return undefined;
}
