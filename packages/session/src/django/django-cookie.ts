import { createHmac } from 'node:crypto';
import { presentedCookies } from '../session-cookie.ts';

/** As Django makes them: 32 letters and digits at random, 165 bits. One that an app has named itself is none. */
const SESSION_KEY = /^[a-z0-9]{32}$/;

export const isDjangoSessionKey = (text: string): boolean => SESSION_KEY.test(text);

/** The session key in a request's cookie; undefined if there is none, or two, of which one was not set by Django. */
export function djangoSessionKey(header: string | undefined, name: string): string | undefined {
  const [value, ...more] = presentedCookies(header, name).filter((each) => !each.startsWith('s:'));
  return more.length === 0 && value !== undefined && isDjangoSessionKey(value) ? value : undefined;
}

/**
 * The secret here of a Django session, and the name by which it is found. It follows from Django's key and our secret, so that requests
 * which come together arrive at one session, and nothing is stored from which either could be had.
 */
export const idOfDjangoSession = (djangoKey: string, secret: string): string =>
  createHmac('sha256', secret).update(`adopt django ${djangoKey}`).digest('base64url');
