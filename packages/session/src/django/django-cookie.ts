import { createHmac } from 'node:crypto';
import { presentedCookies } from '../session-cookie.ts';

/** Django's random keys: 32 letters and digits, 165 bits. Keys that an app chose itself are not accepted. */
const SESSION_KEY = /^[a-z0-9]{32}$/;

export const isDjangoSessionKey = (text: string): boolean => SESSION_KEY.test(text);

/** The session key in a request's cookie. undefined if there is none, or two: Django did not set both. */
export function djangoSessionKey(header: string | undefined, name: string): string | undefined {
  const [value, ...more] = presentedCookies(header, name).filter((each) => !each.startsWith('s:'));
  return more.length === 0 && value !== undefined && isDjangoSessionKey(value) ? value : undefined;
}

/**
 * The secret of an imported Django session, from which its handle is derived too. It is derived from Django's key and
 * our secret, so that concurrent requests get the same session and nothing stored reveals either of them.
 */
export const idOfDjangoSession = (djangoKey: string, secret: string): string =>
  createHmac('sha256', secret).update(`adopt django ${djangoKey}`).digest('base64url');
