import {
  auditEventSchema,
  type ActivityKind,
  type AuditEvent,
  type AuditPage,
  type EndedSession,
  type ExpiredBatch,
  type SessionMethod,
} from '@gatehouse/contract';
import { isUniqueViolation, whereText, type Database } from '@gatehouse/prisma';
import { activityRow, SYSTEM, writeActivity } from './activity-row.ts';
import { KNOWN_KINDS } from './activity.ts';

export interface AuditFilter {
  readonly userId?: string | undefined;
  readonly actorId?: string | undefined;
  readonly kind?: ActivityKind | undefined;
  /** Any of these, and of `kind`. */
  readonly kinds?: readonly ActivityKind[] | undefined;
  readonly since?: Date | undefined;
  /** Entries before this time. */
  readonly until?: Date | undefined;
  readonly ip?: string | undefined;
  readonly handle?: string | undefined;
  /** `next` of the previous page. */
  readonly before?: { readonly at: Date; readonly id: string } | undefined;
  /** At most 1000. */
  readonly limit: number;
}

/** Larger batches become one entry with their number: an entry each would take longer than the purge and bury everything else. */
const MAX_NAMED = 100;

const MAX_PAGE = 1000;
const ATTEMPTS = 3;

const BEGINNINGS: ReadonlySet<string> = new Set(['signed_in', 'session_adopted', 'session_imported']);

/** The same user may sign in again in a session, so the latest entry counts. */
const METHOD_OF: Readonly<Record<string, SessionMethod>> = { session_adopted: 'adopted', session_imported: 'imported' };

export function auditTrail(prisma: Database['prisma']) {
  type Row = Awaited<ReturnType<typeof prisma.activity.findMany>>[number];

  /** Each filter has an index that is sorted by time. Several kinds are read one by one, because an index on kinds is sorted by each. */
  async function readPage({ kind, kinds, ...filter }: Omit<AuditFilter, 'limit'>, take: number): Promise<Row[]> {
    const all = new Set([...(kind === undefined ? [] : [kind]), ...(kinds ?? [])]);
    const isNarrow = [filter.userId, filter.actorId, filter.ip, filter.handle].some((value) => value !== undefined);
    if (isNarrow || all.size <= 1) {
      const one = all.size === 0 ? {} : { kind: all.size === 1 ? whereText([...all][0] ?? '') : { in: [...all] } };
      return read({ ...whereOf(filter), ...one }, take);
    }
    const pages = await Promise.all([...all].map((one) => read({ ...whereOf(filter), kind: one }, take)));
    return pages.flat().toSorted(newestFirst).slice(0, take);
  }

  const read = (where: NonNullable<Parameters<typeof prisma.activity.findMany>[0]>['where'] & object, take: number): Promise<Row[]> =>
    prisma.activity.findMany({ where, orderBy: [{ at: 'desc' }, { id: 'desc' }], take });

  return {
    async listAudit({ limit, ...filter }: AuditFilter): Promise<AuditPage> {
      const take = Math.max(1, Math.min(limit, MAX_PAGE));
      const rows = await readPage(filter, take + 1);
      const page = rows.slice(0, take);
      const last = page.at(-1);
      const events = page.filter(({ kind }) => KNOWN_KINDS.includes(kind)).map(toEvent);
      return { events, next: rows.length > take && last ? { at: last.at, id: last.id } : null };
    },

    /** How each of these sessions began; those without an entry are missing. */
    async sessionMethods(handles: readonly string[]): Promise<Map<string, SessionMethod>> {
      // Neither a condition on the kind nor an order: the index on sessions must be the only choice. A session has few entries.
      const found = await prisma.activity.findMany({ where: { handle: { in: handles.map(whereText) } } });
      const rows = found.filter(({ kind }) => BEGINNINGS.has(kind)).toSorted((one, other) => one.at.getTime() - other.at.getTime());
      return new Map(
        rows.flatMap((row) => {
          const method = METHOD_OF[row.kind] ?? toEvent(row).detail?.method;
          return row.handle !== null && method !== undefined ? [[row.handle, method]] : [];
        }),
      );
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

function whereOf({ userId, actorId, ip, handle, since, until, before }: Omit<AuditFilter, 'limit' | 'kind' | 'kinds'>) {
  const at = { ...(since && { gte: since }), ...(until && { lt: until }), ...(before && { lte: before.at }) };
  return {
    ...(userId !== undefined && { userId: whereText(userId) }),
    ...(actorId !== undefined && { actorId: whereText(actorId) }),
    ...(ip !== undefined && { ip: whereText(ip) }),
    ...(handle !== undefined && { handle: whereText(handle) }),
    ...(Object.keys(at).length > 0 && { at }),
    // The time alone is a condition too, because an index cannot be searched by an alternative.
    ...(before && { OR: [{ at: { lt: before.at } }, { at: before.at, id: { lt: whereText(before.id) } }] }),
  };
}

const newestFirst = (one: { at: Date; id: string }, other: { at: Date; id: string }): number =>
  other.at.getTime() - one.at.getTime() || (one.id < other.id ? 1 : -1);

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
