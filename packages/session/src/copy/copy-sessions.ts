import { inChunks } from '../engines/redis/in-chunks.ts';
import { absoluteExpiryMs, type Lifetimes } from '../policy.ts';
import { takeLease } from '../take-lease.ts';
import type { CopiedSession, CopyStorage, JournalEntry, PlacedSession } from './copy-storage.ts';
import { fingerprintOf, isNotNewer } from './fingerprint.ts';
import { repeatOnOutage } from './repeat-on-outage.ts';

export interface CopyOptions {
  readonly source: CopyStorage;
  readonly target: CopyStorage;
  readonly lifetimes: Lifetimes;
  /**
   * Removes the sessions from the source at the end, and forgets what was copied. For the last copy, when no server uses the source any more.
   * Default: false.
   */
  readonly move?: boolean;
  /** Ends all copies if the source has no sessions any more. Default: false, which throws an EmptySourceError. */
  readonly allowEmptySource?: boolean;
  /** Called after each page with the number of sessions read. */
  readonly onProgress?: (read: number) => void;
  /** Epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
  /** Sessions that are read and stored together. Default: 1000. */
  readonly pageSize?: number;
}

/** How many live sessions. */
export interface CopyCounts {
  /** New in the target. */
  copied: number;
  /** Copied before, and changed in the source since. */
  updated: number;
  /** Copied before, and not changed since. */
  unchanged: number;
  /** Copied before and used in the target since, or newer there: left as it is. */
  newer: number;
  /** Copied before and ended in the target since: stays ended. */
  ended: number;
  /** Copied before and ended in the source since: ended in the target too. */
  removed: number;
  /** Not stored: its account was deleted, or another copy stored it, at this moment. */
  refused: number;
  /** Claimed sessions that were stored: they only refer to others, so that a sign-out with an old cookie ends those. */
  references: number;
}

const noCounts = (): CopyCounts => ({
  copied: 0,
  updated: 0,
  unchanged: 0,
  newer: 0,
  ended: 0,
  removed: 0,
  refused: 0,
  references: 0,
});

/** A session that the target has already. */
interface KnownSession {
  readonly session: PlacedSession;
  readonly before: CopiedSession;
  readonly entry: JournalEntry | undefined;
}

/** Another process copies to the same storage. */
export class CopyRunningError extends Error {
  override readonly name = 'CopyRunningError';
}

/** In place of a fingerprint: the session is about to be removed from the source, so that it is missing there soon and has not ended. */
const MOVED = 'moved';

/** Duration of the lease. If a copy is killed, another one can start after this time. */
const LEASE_MS = 60_000;

/** There are copies in the target, but no sessions in the source. */
export class EmptySourceError extends Error {
  override readonly name = 'EmptySourceError';
}

/**
 * Copies all live sessions to another storage, so that the same cookies open them there. It may be repeated, also while servers use the
 * source: each copy brings the target up to date, and ends what has ended in the source.
 *
 * The target's journal says what was stored there. So a session that has been copied and is missing in the target, although it had not
 * expired, has ended there, and is never stored again; and a session that is not as it was copied has been used in the target, and is never
 * overwritten.
 *
 * One copy to a storage runs at a time. Both storages must be readable as a whole: what a newer version has stored is neither copied nor
 * overwritten.
 *
 * @throws EmptySourceError, CopyRunningError, NewerFormatError
 */
export async function copySessions(options: CopyOptions): Promise<CopyCounts> {
  const { target, now = Date.now } = options;
  const held = await takeLease(target.engine, { name: 'copy', forMs: LEASE_MS, now });
  if (!held) throw new CopyRunningError('Another copy to this storage is running, or was killed less than a minute ago.');
  const keepLease = async (): Promise<void> => {
    if (!(await held.keep())) throw new CopyRunningError('This copy was held up for a minute, and another one has started since.');
  };
  try {
    return await copyAll(options, keepLease);
  } finally {
    await held.end().catch(() => undefined);
  }
}

async function copyAll(
  { source, target, lifetimes, move = false, allowEmptySource = false, onProgress, now = Date.now, pageSize = 1000 }: CopyOptions,
  keepLease: () => Promise<void>,
): Promise<CopyCounts> {
  const step = <T>(work: () => Promise<T>): Promise<T> => repeatOnOutage(() => keepLease().then(work));
  const [ofLive, ofClaimed] = [noCounts(), noCounts()];
  const seen = new Map<string, { readonly isClaimed: boolean }>();
  const entryOf = ({ record, target: place, claim }: PlacedSession): JournalEntry => ({
    handle: record.handle,
    target: place,
    fingerprint: fingerprintOf({ record, claim }),
    copyExpiresAtMs: record.expiresAtMs,
    expiresAtMs: Math.max(record.expiresAtMs, absoluteExpiryMs(record, lifetimes)),
  });

  /** Whatever part of a page was stored before an outage is found when the page is repeated. */
  async function copyPage(page: readonly CopiedSession[], total: CopyCounts): Promise<void> {
    if (page.length === 0) return;
    const counts = await step(() => copyOnce(page));
    for (const name of Object.keys(counts) as (keyof CopyCounts)[]) total[name] += counts[name];
    onProgress?.(seen.size);
  }

  async function copyOnce(page: readonly CopiedSession[]): Promise<CopyCounts> {
    const counts = noCounts();
    for (const { record, claim } of page) seen.set(record.handle, { isClaimed: claim !== undefined });
    const journal = await target.journal.get(page.map(({ record }) => record.handle));
    const changed = page.filter((session) => journal.get(session.record.handle)?.fingerprint !== fingerprintOf(session));
    counts.unchanged += page.length - changed.length;
    // Once more, because a newer server may have stored them since the start.
    await source.assertReadable(changed.map(({ record }) => record.handle));
    const placed = await inChunks(changed, async (session): Promise<PlacedSession> => {
      const known = journal.get(session.record.handle)?.target;
      return { ...session, target: known ?? (await target.place(session)) };
    });
    const stored = await target.read(placed.map(({ target: handle }) => handle));
    const hasEnded = ({ record, target: handle }: PlacedSession): boolean =>
      !stored.has(handle) && (journal.get(record.handle)?.copyExpiresAtMs ?? -Infinity) > now();
    const fresh = placed.filter((session) => !stored.has(session.target) && !hasEnded(session));
    const refused = await target.create(fresh);
    counts.refused += refused.size;
    const done = fresh.filter(({ target: handle }) => !refused.has(handle));
    counts.copied += done.length;
    for (const session of placed) {
      const before = stored.get(session.target);
      if (before) {
        if (await update({ session, before, entry: journal.get(session.record.handle) }, counts)) done.push(session);
      } else if (hasEnded(session)) counts.ended += 1;
    }
    await target.link(done);
    await target.journal.put(done.map(entryOf), journal);
    return counts;
  }

  /** Returns whether the target has the session as it is in the source. */
  async function update({ session, before, entry }: KnownSession, counts: CopyCounts): Promise<boolean> {
    const stored = fingerprintOf(before);
    // Without an entry, a copy was interrupted before it could write it, or the session was here before.
    if (stored === fingerprintOf(session)) {
      counts[entry ? 'unchanged' : 'copied'] += 1;
      return true;
    }
    const isUnused = entry ? entry.fingerprint === stored : isNotNewer(before, session);
    if (isUnused && (await target.replace(session, before))) {
      counts.updated += 1;
      return true;
    }
    counts.newer += 1;
    return false;
  }

  /** Ends copies whose session has ended in the source, unless they were used in the target. */
  async function removeEnded(entries: readonly JournalEntry[]): Promise<void> {
    const missing = await inChunks(
      entries.filter(({ handle }) => !seen.has(handle)),
      async (entry) => ((await isStillThere(source, entry.handle)) ? [] : [entry]),
    );
    const ended = missing.flat();
    if (ended.length === 0) return;
    const stored = await target.read(ended.map(({ target: handle }) => handle));
    const unused = ended.flatMap((entry) => {
      const session = stored.get(entry.target);
      return session && fingerprintOf(session) === entry.fingerprint ? [{ ...entry, isClaimed: session.claim !== undefined }] : [];
    });
    await target.remove(unused);
    await target.journal.remove(ended);
    ofLive.removed += unused.filter(({ isClaimed }) => !isClaimed).length;
  }

  for (const storage of [source, target]) await step(() => storage.assertReadable());
  await target.journal.purge();
  let after: string | undefined;
  do {
    const position = { limit: pageSize, ...(after !== undefined && { after }) };
    const page = await step(() => source.engine.list(position));
    await copyPage(
      page.sessions.map(({ record }) => ({ record, claim: undefined })),
      ofLive,
    );
    after = page.next;
  } while (after !== undefined);
  const live = seen.size;
  for await (const page of source.claimed()) await copyPage(await withPlacedSuccessors(page, target), ofClaimed);
  for await (const page of target.journal.pages()) {
    if (live === 0 && !allowEmptySource && page.some(({ fingerprint }) => fingerprint !== MOVED))
      throw new EmptySourceError('There are no sessions to copy, but there were.');
    await step(() => removeEnded(page));
  }
  if (move) {
    const handles = [...seen].map(([handle, { isClaimed }]) => ({ handle, target: handle, isClaimed }));
    for (let from = 0; from < handles.length; from += pageSize) {
      const part = handles.slice(from, from + pageSize);
      await step(async () => {
        const known = await target.journal.get(part.map(({ handle }) => handle));
        await target.journal.put(
          [...known.values()].map((entry) => ({ ...entry, fingerprint: MOVED })),
          known,
        );
        await source.remove(part);
      });
    }
    await target.journal.clear();
  }
  return { ...ofLive, references: ofClaimed.copied + ofClaimed.updated };
}

/** A claimed session refers to another one, which may have another handle in the target. */
async function withPlacedSuccessors(page: readonly CopiedSession[], { journal }: CopyStorage): Promise<CopiedSession[]> {
  const successors = await journal.get([...new Set(page.flatMap(({ claim }) => claim?.successor ?? []))]);
  return page.map(({ record, claim }) => ({
    record,
    claim: claim && { ...claim, successor: successors.get(claim.successor)?.target ?? claim.successor },
  }));
}

async function isStillThere({ engine, read }: CopyStorage, handle: string): Promise<boolean> {
  if (await engine.find(handle)) return true;
  return (await read([handle])).get(handle)?.claim !== undefined;
}
