import type { SessionSettings } from './settings.ts';

/** The settings that decide when a session ends, as `@gatehouse/session` takes them: its `Lifetimes`. */
export const lifetimesOf = (session: SessionSettings) => ({
  ageMs: session.cookieAgeSeconds * 1000,
  absoluteAgeMs: session.absoluteAgeSeconds * 1000,
  sliding: session.saveEveryRequest,
  activityIntervalMs: session.activityIntervalSeconds * 1000,
  expireAtBrowserClose: session.expireAtBrowserClose,
});
