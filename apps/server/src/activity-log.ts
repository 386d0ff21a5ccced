import type { Accounts, Actor } from '@gatehouse/accounts';
import type { ActivityKind, AuditAction, AuditReason, EndedSession, ExpiredBatch } from '@gatehouse/contract';
import { sessionOf, type SignInEvent } from '@gatehouse/session';
import type { AdoptedSession } from '@gatehouse/session/adoption';
import { clientAddress } from '@gatehouse/session/request';
import type { Request } from 'express';
import type { Logger } from './logger.ts';
import { requestIdOf } from './request-log.ts';

export type Happening = AuditAction & {
  /** Whom it happened to; null: everyone. */
  readonly userId: string | null;
  /** Default: whoever is signed in now, so name it where the act ends that. */
  readonly by?: Actor;
  /** Of the session concerned; default the request's. */
  readonly handle?: string | null;
  readonly reason?: AuditReason;
};

/** As `Happening`, of what the log alone is told here. */
export type Logged = Omit<Happening, 'kind' | 'detail'> & { readonly kind: ActivityKind; readonly detail?: object | undefined };

export interface ActivityLog {
  /** Whoever is signed in, seen from this account: its owner or an administrator. */
  actor(req: Request, userId: string | null): Actor;
  /** Writes a line into the log and a row into the audit trail. A row that cannot be written is logged and counted, and never fails the request. */
  record(req: Request, happening: Happening): Promise<void>;
  /** A line into the log only: the row was written with the act. */
  log(req: Request, happening: Logged): void;
  /** Someone has signed in, and the session that this browser had before has ended with it. */
  signedIn(req: Request, event: SignInEvent): Promise<void>;
  /** For the owner of the account that was tried; nobody's where there is none. `locks`: with it the delays begin. */
  signInFailed(req: Request, identifier: string, options: { locks: boolean }): Promise<void>;
  /** Refused untried. Only logged: a list of what a stranger keeps trying would bury everything else. */
  passwordThrottled(req: Request): void;
  /** A session of an earlier app was taken over: its user is signed in, and entered no password. */
  adopted(session: AdoptedSession): Promise<void>;
  /** What a purge has removed. */
  expired(batch: ExpiredBatch): Promise<void>;
  /** What ended because its user has as many sessions as are allowed. */
  evicted(sessions: readonly EndedSession[]): Promise<void>;
  /** Rows that could not be written since the start. */
  dropped(): number;
}

/** What happens to accounts and their sessions: one line of the log each, and what the audit trail keeps. */
export function createActivityLog(accounts: Accounts, logger: Logger): ActivityLog {
  let dropped = 0;

  async function leniently(work: () => Promise<void>, rows = 1): Promise<void> {
    try {
      await work();
    } catch (error) {
      dropped += rows;
      logger.error({ err: error, droppedAuditWrites: dropped }, 'The audit trail could not be written.');
    }
  }

  const stranger = (req: Request): Actor => ({
    kind: 'visitor',
    id: null,
    ip: clientAddress(req),
    userAgent: req.get('user-agent') ?? null,
  });

  function actor(req: Request, userId: string | null): Actor {
    const state = sessionOf(req).state();
    if (!state.signedIn) return stranger(req);
    return { ...stranger(req), kind: state.user.id === userId ? 'self' : 'admin', id: state.user.id };
  }

  const handleOf = (req: Request, { handle }: Logged): string | null => (handle === undefined ? (sessionOf(req).handle() ?? null) : handle);

  function log(req: Request, happening: Logged): void {
    const { kind, userId, by = actor(req, userId), reason, detail } = happening;
    const handle = handleOf(req, happening);
    logger.info({ event: kind, id: requestIdOf(req), userId, by: by.kind, actorId: by.id, handle, reason, detail, ip: by.ip }, kind);
  }

  async function record(req: Request, happening: Happening): Promise<void> {
    const { userId, by = actor(req, userId) } = happening;
    const event = { ...happening, by, handle: handleOf(req, happening), at: new Date() };
    log(req, event);
    await leniently(() => accounts.recordActivity(event));
  }

  return {
    actor,
    log,
    record,
    async signedIn(req, { user, method, handle, replaced }) {
      const self = (id: string): Actor => ({ ...stranger(req), kind: 'self', id });
      if (replaced) {
        const reason = 'replaced_by_new_sign_in';
        await record(req, { kind: 'signed_out', reason, ...replaced, by: self(replaced.userId) });
      }
      await record(req, { kind: 'signed_in', detail: { method }, userId: user.id, handle, by: self(user.id) });
    },
    signInFailed: (req, identifier, { locks }) =>
      // The same work for a name that nobody has, or the time it takes would tell: also that of the next answer, where the
      // database works in this process. What was typed is in neither row nor line: people type passwords there.
      leniently(async () => {
        const user = await accounts.findUser(identifier);
        const happening: Happening = { kind: 'sign_in_failed', userId: user?.id ?? null, by: stranger(req), handle: null };
        void record(req, happening);
        if (locks) void record(req, { ...happening, kind: 'locked' });
      }),
    passwordThrottled: (req) =>
      logger.info({ event: 'password_throttled', id: requestIdOf(req), ip: clientAddress(req) }, 'password_throttled'),
    async adopted({ handle, userId, client }) {
      const event = { kind: 'session_adopted', userId, handle, by: { kind: 'self', id: userId, ...client }, at: new Date() } as const;
      logger.info({ event: event.kind, userId, by: 'self', actorId: userId, handle, ip: client.ip }, event.kind);
      await leniently(() => accounts.recordActivity(event));
    },
    expired: (batch) => leniently(() => accounts.recordExpired(batch), batch.sessions.length),
    async evicted(sessions) {
      for (const { handle, userId } of sessions)
        logger.info({ event: 'session_evicted', userId, by: 'system', handle, reason: 'session_limit' }, 'session_evicted');
      await leniently(() => accounts.recordEvicted(sessions), sessions.length);
    },
    dropped: () => dropped,
  };
}
