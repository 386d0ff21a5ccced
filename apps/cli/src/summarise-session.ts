import type { Lifetimes } from '@gatehouse/session';
import { expiryMs, type LiveSession } from '@gatehouse/session/engine';
import type { SessionSummary } from './session-summary.ts';

/** What may be shown of a session, with its ends worked out by the settings of today. */
export function summarise({ record, user }: LiveSession, lifetimes: Lifetimes): SessionSummary {
  return {
    handle: record.handle,
    user,
    created: new Date(record.createdAtMs),
    lastActivity: new Date(record.lastActivityAtMs),
    expires: new Date(expiryMs(record, lifetimes)),
    absoluteExpires: new Date(record.createdAtMs + lifetimes.absoluteAgeMs),
    ip: record.ip,
    userAgent: record.userAgent,
  };
}
