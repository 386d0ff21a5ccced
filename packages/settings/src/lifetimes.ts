import type { Lifetimes } from '@gatehouse/session';
import type { SessionSettings } from './settings.ts';

/** The settings that decide when a session expires, in the units of the session package. */
export const lifetimesOf = (session: SessionSettings): Lifetimes => ({
  ageMs: session.cookieAgeSeconds * 1000,
  absoluteAgeMs: session.absoluteAgeSeconds * 1000,
  sliding: session.saveEveryRequest,
  activityIntervalMs: session.activityIntervalSeconds * 1000,
  expireAtBrowserClose: session.expireAtBrowserClose,
});
