import type { Me } from '@gatehouse/contract';
import type { WireMe } from './me-query.ts';

/**
 * The result of `auth.me` with `Date`s, as `meSchema` of the contract gives it. Without zod, because every page needs this before it can
 * show anything, and zod takes longer to load than the rest of the client.
 * @throws TypeError if the value is something else, for example from a tab with another version
 */
export function decodeMe({ user, session, serverNow }: WireMe): Me {
  const texts: readonly unknown[] = [user.id, user.username, user.email, user.name, user.role, user.status, session.handle];
  if (!texts.every((text) => typeof text === 'string')) throw new TypeError('This is not the result of auth.me: a text is missing.');
  return {
    user,
    session: {
      ...session,
      loginTime: instant(session.loginTime),
      lastActivity: instant(session.lastActivity),
      expires: instant(session.expires),
      absoluteExpires: instant(session.absoluteExpires),
      freshUntil: session.freshUntil === null ? null : instant(session.freshUntil),
    },
    serverNow: instant(serverNow),
  };
}

/** Whether a value from elsewhere, such as another tab, can be decoded. */
export function isWireMe(value: unknown): value is WireMe {
  try {
    decodeMe(value as WireMe);
    return true;
  } catch {
    return false;
  }
}

function instant(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new TypeError('This is not the result of auth.me: a time is not valid.');
  return date;
}
