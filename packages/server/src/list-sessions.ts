import type { Accounts } from '@gatehouse/accounts';
import { refuse, type SessionsPort } from '@gatehouse/api';
import {
  instantSchema,
  type ListedSession,
  type OwnedSession,
  type OwnedSessionDetails,
  type OwnedSessionPage,
  type OwnedSessionPageInput,
  type SessionDetails,
  type SessionEvent,
  type SessionMethod,
  type SessionRow,
  type SessionSearchInput,
} from '@gatehouse/contract';
import { sessionOf, type Engine, type Lifetimes } from '@gatehouse/session';
import { absoluteExpiryMs, expiryMs, sessionsOfUser, untilBrowserCloses, type StoredSession } from '@gatehouse/session/engine';
import type { Request } from 'express';
import { hiddenValue } from './hidden-value.ts';
import { withRefusals } from './to-trpc-error.ts';

export interface SessionListParts {
  readonly engine: Engine;
  readonly lifetimes: Lifetimes;
  /** Has the audit trail, which knows how sessions began. */
  readonly accounts: Pick<Accounts, 'sessionMethods' | 'listAudit'> | undefined;
}

/** The most sessions that one call reads to search or sort them. */
const MAX_READ = 1000;
const MAX_EVENTS = 50;

type Lists = Pick<SessionsPort, 'searchByUser' | 'describe' | 'describeAny' | 'listAll'>;

/** A session as a list shows it, seen from this request. */
export function listedSession({ record }: StoredSession, lifetimes: Lifetimes, req: Request): ListedSession {
  const loginTime = instantSchema.safeParse(record.data['loginTime']);
  return {
    handle: record.handle,
    current: record.handle === sessionOf(req).handle(),
    loginTime: loginTime.success ? loginTime.data : new Date(record.createdAtMs),
    lastActivity: new Date(record.lastActivityAtMs),
    expires: new Date(Math.min(expiryMs(record, lifetimes), record.expiresAtMs)),
    ip: record.ip,
    userAgent: record.userAgent,
  };
}

/** Searches, sorts and describes sessions for one request. */
export function listSessions({ engine, lifetimes, accounts }: SessionListParts, req: Request): Lists {
  const listed = (session: StoredSession): ListedSession => listedSession(session, lifetimes, req);

  const methodsOf = async (handles: readonly string[]): Promise<Map<string, SessionMethod>> =>
    handles.length === 0 ? new Map() : ((await accounts?.sessionMethods(handles)) ?? new Map());

  async function rows(sessions: readonly StoredSession[]): Promise<SessionRow[]> {
    const methods = await methodsOf(sessions.map(({ record }) => record.handle));
    return sessions.map((session) => ({ ...listed(session), method: methods.get(session.record.handle) ?? null }));
  }

  const owned = async (sessions: readonly StoredSession[]): Promise<OwnedSession[]> =>
    (await rows(sessions)).map((row, index) => ({ ...row, user: ownerOf(sessions[index]) }));

  /** `hidesAdministrators`: without the address and browser of administrators, which users must not see. */
  async function eventsOf(handle: string, { hidesAdministrators = false }): Promise<SessionEvent[]> {
    const page = await accounts?.listAudit({ handle, limit: MAX_EVENTS });
    return (page?.events ?? []).map(({ id, at, kind, ip, userAgent, reason, actorKind }) => {
      const isHidden = hidesAdministrators && actorKind === 'admin';
      return { id, at, kind, ip: isHidden ? null : ip, userAgent: isHidden ? null : userAgent, reason };
    });
  }

  async function details(session: StoredSession, options: { hidesAdministrators?: boolean } = {}): Promise<SessionDetails> {
    const { record } = session;
    const [[row], events] = await Promise.all([rows([session]), eventsOf(record.handle, options)]);
    if (!row) throw new TypeError('A session has one row.');
    return {
      ...row,
      absoluteExpires: new Date(Math.min(absoluteExpiryMs(record, lifetimes), record.fixedExpiryMs ?? Infinity)),
      untilBrowserCloses: untilBrowserCloses(record, lifetimes),
      data: Object.entries(record.data).map(([key, value]) => ({ key, bytes: bytesOf(value) })),
      events,
    };
  }

  /** Up to MAX_READ sessions of a user, latest activity first. */
  async function someOfUser(userId: string): Promise<{ sessions: StoredSession[]; isComplete: boolean }> {
    const sessions: StoredSession[] = [];
    for await (const session of sessionsOfUser(engine, userId)) {
      if (sessions.length === MAX_READ) return { sessions, isComplete: false };
      sessions.push(session);
    }
    return { sessions, isComplete: true };
  }

  return {
    searchByUser: (userId, { text, sort, descending, page, pageSize }) =>
      withRefusals(async () => {
        const { sessions, isComplete } = await someOfUser(userId);
        const matching = sessions
          .filter((session) => hasWords(text, [session.record.ip, session.record.userAgent]))
          .map((session) => ({ session, row: listed(session) }))
          .toSorted((one, other) => (descending ? -1 : 1) * compare(one.row, other.row, sort));
        const shown = matching.slice((page - 1) * pageSize, page * pageSize);
        return { sessions: await rows(shown.map(({ session }) => session)), total: matching.length, all: sessions.length, isComplete };
      }),

    describe: (handle, { ofUser }) =>
      withRefusals(async () => {
        const session = await engine.find(handle);
        return session && session.record.userId === ofUser ? details(session, { hidesAdministrators: true }) : undefined;
      }),

    describeAny: (handle) =>
      withRefusals(async (): Promise<OwnedSessionDetails | undefined> => {
        const session = await engine.find(handle);
        if (!session) return undefined;
        const data = Object.entries(session.record.data).map(([key, value]) => ({
          key,
          bytes: bytesOf(value),
          ...hiddenValue(key, value),
        }));
        return { ...(await details(session)), user: ownerOf(session), data };
      }),

    listAll: (input) =>
      withRefusals(async () => {
        const { cursor, limit, userId } = input;
        const position = cursor === undefined ? { offset: 0 } : readCursor(cursor);
        const matches = matcher(input, listed);

        /** Everything that was read, sorted. */
        async function sorted(sessions: readonly StoredSession[], offset: number, isComplete: boolean): Promise<OwnedSessionPage> {
          const all = sessions
            .filter(matches)
            .toSorted((one, other) => other.record.lastActivityAtMs - one.record.lastActivityAtMs || byHandle(one, other));
          const next = offset + limit;
          const page = await owned(all.slice(offset, next));
          return { sessions: page, next: next < all.length ? `o${next}` : null, total: isComplete ? all.length : null, order: 'activity' };
        }

        if (userId !== undefined) {
          const { sessions, isComplete } = await someOfUser(userId);
          return sorted(sessions, 'offset' in position ? position.offset : 0, isComplete);
        }
        const read = await engine.list({ limit: MAX_READ, ...('after' in position && { after: position.after }) });
        if ('offset' in position && read.next === undefined) return sorted(read.sessions, position.offset, true);
        const found = read.sessions.filter(matches);
        const page = found.slice(0, limit);
        const next = found.length > limit ? page.at(-1)?.record.handle : read.next;
        return { sessions: await owned(page), next: next === undefined ? null : `h${next}`, total: null, order: 'none' };
      }),
  };
}

function matcher(input: OwnedSessionPageInput, listed: (session: StoredSession) => ListedSession): (session: StoredSession) => boolean {
  const { userId, text, ip, userAgent, signedInSince, signedInBefore, activeSince, anonymous } = input;
  return (session) => {
    const { record, user } = session;
    const { loginTime, lastActivity } = listed(session);
    return (
      (anonymous || record.userId !== null) &&
      (userId === undefined || record.userId === userId) &&
      hasWords(text, [user?.username ?? null, user?.name ?? null, record.ip, record.userAgent]) &&
      (ip === undefined || (record.ip ?? '').startsWith(ip)) &&
      hasWords(userAgent, [record.userAgent]) &&
      (signedInSince === undefined || loginTime >= signedInSince) &&
      (signedInBefore === undefined || loginTime < signedInBefore) &&
      (activeSince === undefined || lastActivity >= activeSince)
    );
  };
}

/** `o25`: the next page begins after 25 sessions. `hses_…`: it begins after this session. */
function readCursor(cursor: string): { offset: number } | { after: string } {
  const [, offset, after] = /^(?:o(\d{1,4})|h([!-~]{1,64}))$/.exec(cursor) ?? [];
  if (offset !== undefined) return { offset: Number(offset) };
  if (after !== undefined) return { after };
  throw refuse('INVALID_INPUT', { fields: { cursor: ['Give `next` of the page before, or leave it out for the first page.'] } });
}

function hasWords(text: string | undefined, texts: readonly (string | null)[]): boolean {
  const words = (text ?? '').toLowerCase().split(/\s+/);
  const all = texts.map((one) => (one ?? '').toLowerCase());
  return words.every((word) => all.some((one) => one.includes(word)));
}

const compare = (one: ListedSession, other: ListedSession, sort: SessionSearchInput['sort']): number =>
  one[sort].getTime() - other[sort].getTime() || (one.handle < other.handle ? -1 : 1);

const byHandle = (one: StoredSession, other: StoredSession): number => (one.record.handle < other.record.handle ? -1 : 1);

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

function ownerOf(session: StoredSession | undefined): OwnedSession['user'] {
  const user = session?.user;
  return user ? { id: user.id, username: user.username, name: user.name, role: user.role } : null;
}
