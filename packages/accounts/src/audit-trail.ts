import {
  auditEventSchema,
  type ActivityKind,
  type AuditEvent,
  type AuditPage,
  type EndedSession,
  type ExpiredBatch,
} from '@gatehouse/contract';
import { isUniqueViolation, whereText, type Database } from '@gatehouse/prisma';
import { activityRow, SYSTEM, writeActivity } from './activity-row.ts';
import { KNOWN_KINDS } from './activity.ts';

export interface AuditFilter {
  readonly userId?: string | undefined;
  readonly kind?: ActivityKind | undefined;
  readonly since?: Date | undefined;
  /** `next` of the previous page. */
  readonly before?: { readonly at: Date; readonly id: string } | undefined;
  /** At most 1000. */
  readonly limit: number;
}

/** Larger batches become one entry with their number: an entry each would take longer than the purge and bury everything else. */
const MAX_NAMED = 100;

const MAX_PAGE = 1000;
const ATTEMPTS = 3;

export function auditTrail(prisma: Database['prisma']) {
  return {
    async listAudit({ userId, kind, since, before, limit }: AuditFilter): Promise<AuditPage> {
      const take = Math.max(1, Math.min(limit, MAX_PAGE));
      const rows = await prisma.activity.findMany({
        where: {
          ...(userId !== undefined && { userId: whereText(userId) }),
          kind: kind === undefined ? { in: KNOWN_KINDS } : whereText(kind),
          ...(since && { at: { gte: since } }),
          ...(before && { OR: [{ at: { lt: before.at } }, { at: before.at, id: { lt: whereText(before.id) } }] }),
        },
        orderBy: [{ at: 'desc' }, { id: 'desc' }],
        take: take + 1,
      });
      const events = rows.slice(0, take).map(toEvent);
      const last = events.at(-1);
      return { events, next: rows.length > take && last ? { at: last.at, id: last.id } : null };
    },

    /** The entry's id is derived from the session, so that several processes record the same expiry only once. */
    async recordExpired({ sessions, removed }: ExpiredBatch): Promise<void> {
      if (sessions.length > MAX_NAMED) {
        const event = { kind: 'sessions_expired', detail: { ended: removed }, userId: null, by: SYSTEM, reason: 'expired' } as const;
        if (removed > 0) await writeActivity(prisma, { ...event, at: new Date() });
        return;
      }
      const rows = sessions.map(({ handle, userId, at }) =>
        activityRow({ kind: 'session_expired', userId, at, by: SYSTEM, handle, reason: 'expired' }, `expired_${handle}`),
      );
      for (let attempt = 1; rows.length > 0; attempt += 1) {
        const existing = await prisma.activity.findMany({ where: { id: { in: rows.map(({ id }) => id) } }, select: { id: true } });
        const known = new Set(existing.map(({ id }) => id));
        const data = rows.filter(({ id }) => !known.has(id));
        if (data.length === 0) return;
        try {
          await prisma.activity.createMany({ data });
          return;
        } catch (error) {
          // Another process wrote one of them after the query above.
          if (!isUniqueViolation(error) || attempt === ATTEMPTS) throw error;
        }
      }
    },

    async recordEvicted(sessions: readonly EndedSession[]): Promise<void> {
      const data = sessions.map(({ handle, userId, at }) =>
        activityRow({ kind: 'session_evicted', userId, at, by: SYSTEM, handle, reason: 'session_limit' }),
      );
      if (data.length > 0) await prisma.activity.createMany({ data });
    },

    async purgeActivity({ before, batch }: { before: Date; batch: number }): Promise<number> {
      const where = { at: { lt: before } };
      const old = await prisma.activity.findMany({ where, select: { id: true }, orderBy: { at: 'asc' }, take: batch });
      if (old.length === 0) return 0;
      await prisma.activity.deleteMany({ where: { ...where, id: { in: old.map(({ id }) => id) } } });
      // Count rows that another process deleted first as well, or a smaller number would look like the end.
      return old.length;
    },
  };
}

/** An unreadable detail becomes null, so that the entry itself is still listed. */
function toEvent({ detail, reason, ...row }: { detail: string | null; reason: string | null; [column: string]: unknown }): AuditEvent {
  const { shape } = auditEventSchema;
  return auditEventSchema.parse({
    ...row,
    reason: shape.reason.safeParse(reason).data ?? null,
    detail: shape.detail.safeParse(parsed(detail)).data ?? null,
  });
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
