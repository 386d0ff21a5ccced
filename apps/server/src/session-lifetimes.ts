import type { Lifetimes } from '@gatehouse/session';
import type { Settings } from '@gatehouse/settings';

export const lifetimesOf = (session: Settings['session']): Lifetimes => ({
  ageMs: session.cookieAgeSeconds * 1000,
  absoluteAgeMs: session.absoluteAgeSeconds * 1000,
  sliding: session.saveEveryRequest,
  activityIntervalMs: session.activityIntervalSeconds * 1000,
  expireAtBrowserClose: session.expireAtBrowserClose,
});
