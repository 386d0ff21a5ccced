import type { AuditFilter } from '@gatehouse/accounts';
import type { AuditEvent, AuditPage } from '@gatehouse/contract';

export interface FollowOptions {
  readonly read: (filter: AuditFilter) => Promise<AuditPage>;
  readonly filter: Pick<AuditFilter, 'userId' | 'kind' | 'handle'>;
  /** Epoch milliseconds. Entries from more than `lateMs` before are not returned. */
  readonly startedAtMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** How late an entry may become visible. Default: 15 seconds. */
  readonly lateMs?: number;
}

/** More than a transaction may take. The clocks of several servers may differ by this, too. */
const LATE_MS = 15_000;
const PAGE = 1000;

/**
 * Returns a function that returns the entries since its last call, oldest first, each once. An entry becomes visible when its transaction
 * commits, so it may appear after a newer one, or after one of the same millisecond. So each call reads the last seconds again, and leaves
 * out the entries that it has returned.
 */
export function followAudit({ read, filter, startedAtMs, now, lateMs = LATE_MS }: FollowOptions): () => Promise<AuditEvent[]> {
  const returned = new Map<string, number>();
  let fromMs = startedAtMs - lateMs;

  async function readSince(from: Date): Promise<AuditEvent[]> {
    const events: AuditEvent[] = [];
    let before: AuditFilter['before'];
    do {
      const page = await read({ ...filter, since: from, before, limit: PAGE });
      events.push(...page.events);
      before = page.next ?? undefined;
    } while (before);
    return events;
  }

  return async () => {
    const readAtMs = now();
    const fresh = (await readSince(new Date(fromMs))).filter(({ id }) => !returned.has(id));
    for (const { id, at } of fresh) returned.set(id, at.getTime());
    // From this process's clock, and not from the newest entry: a server whose clock is ahead would hide those of the others.
    fromMs = Math.max(fromMs, readAtMs - lateMs);
    for (const [id, atMs] of returned) if (atMs < fromMs) returned.delete(id);
    return fresh.toSorted((one, other) => one.at.getTime() - other.at.getTime() || (one.id < other.id ? -1 : 1));
  };
}
