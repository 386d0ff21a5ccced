import signature from 'cookie-signature';
import { presentedCookies } from '../session-cookie.ts';

export interface OldCookieSettings {
  readonly name: string;
  /** The old app's, any of which may have signed it. */
  readonly secrets: readonly string[];
}

/**
 * The id in a cookie that express-session has signed; undefined if there is none, its signature is not right, or there are
 * two: one of them was not set by the old app, and there is no telling which.
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
