import type { Accounts } from '@gatehouse/accounts';
import type { Activity, AuditEvent } from '@gatehouse/contract';
import { getSessionUser, requireSession, sessionOf, type Engine } from '@gatehouse/session';
import { sessionsOfUser, type StoredSession } from '@gatehouse/session/engine';
import type { RequestHandler } from 'express';
import { refuseOtherSites } from './own-site.ts';
import { sendInPieces } from './send-in-pieces.ts';

export interface AccountExportParts {
  readonly engine: Engine;
  /** undefined: the app has users of its own, and there is no audit trail. */
  readonly accounts: Pick<Accounts, 'listAudit'> | undefined;
  readonly trustedOrigins: readonly string[];
}

const EVENTS_PER_PAGE = 500;

/**
 * The signed-in user's data as a JSON file: account, sessions, events. Redirects to the sign-in page if the user is signed out, and back
 * after sign-in. One page of sessions or events is in memory at a time, whatever their number.
 */
export function accountExport({ engine, accounts, trustedOrigins }: AccountExportParts): RequestHandler[] {
  return [
    refuseOtherSites(trustedOrigins),
    requireSession,
    async (req, res) => {
      const user = getSessionUser(req);
      if (!user) return;
      const handle = sessionOf(req).handle();

      async function* document(userId: string): AsyncGenerator<string, void> {
        const sessions = pieces(sessionsOfUser(engine, userId), (session) => exported(session, handle));
        // Read the first session before sending anything, so that a storage failure is still an error response.
        const first = await sessions.next();
        yield `${JSON.stringify({ exportedAt: new Date(), account: user }).slice(0, -1)},"sessions":[`;
        if (!first.done) yield first.value;
        yield* sessions;
        yield '],"activity":[';
        if (accounts) yield* pieces(eventsOf(accounts, userId), asOwnerSees);
        yield ']}';
      }

      await sendInPieces(res, { name: 'gatehouse-account.json', type: 'json' }, document(user.id));
    },
  ];
}

/** The elements of a JSON array, separated by commas. */
async function* pieces<Item>(items: AsyncIterable<Item>, show: (item: Item) => object): AsyncGenerator<string, void> {
  let separator = '';
  for await (const item of items) {
    yield separator + JSON.stringify(show(item));
    separator = ',';
  }
}

/** Newest first. */
async function* eventsOf(accounts: Pick<Accounts, 'listAudit'>, userId: string): AsyncGenerator<AuditEvent, void> {
  let before: { at: Date; id: string } | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the last one ended
    const page = await accounts.listAudit({ userId, before, limit: EVENTS_PER_PAGE });
    yield* page.events;
    before = page.next ?? undefined;
  } while (before !== undefined);
}

/** The fields of `account.recentActivity`: not which administrator acted, nor from where. */
const asOwnerSees = ({ id, kind, at, ip, userAgent, handle, actorKind }: AuditEvent): Activity => ({
  id,
  kind,
  at,
  ...(actorKind === 'admin' ? { ip: null, userAgent: null } : { ip, userAgent }),
  handle,
});

const exported = ({ record }: StoredSession, handle: string | undefined) => ({
  handle: record.handle,
  current: record.handle === handle,
  created: new Date(record.createdAtMs),
  lastActivity: new Date(record.lastActivityAtMs),
  expires: new Date(record.expiresAtMs),
  ip: record.ip,
  userAgent: record.userAgent,
});
