import type { Accounts, Actor } from '@gatehouse/accounts';
import type { AuditAction, ActivityKind, AuditReason, EndedSession, ExpiredBatch } from '@gatehouse/contract';
import { sessionOf, type SignInEvent, type SignOutEvent } from '@gatehouse/session';
import type { AdoptedSession } from '@gatehouse/session/adoption';
import type { PolicyEnd } from '@gatehouse/session/engine';
import { clientAddress } from '@gatehouse/session/request';
import type { Request } from 'express';
import { SYSTEM_ACTOR } from './events-of-accounts.ts';
import { emitLogged } from './events-of-log.ts';
import type { Emit, EndReason } from './events.ts';
import type { Logger } from './logger.ts';
import { requestIdOf } from './request-id.ts';

export type AuditEntry = AuditAction & {
  /** The user that it is about; null: everyone. */
  readonly userId: string | null;
  /** Default: the user who is signed in. Give it if the action ends that session. */
  readonly by?: Actor;
  /** The session that it is about. Default: the request's. */
  readonly handle?: string | null;
  readonly reason?: AuditReason;
};

/** Like `AuditEntry`, for a line of the log alone. */
export type LogEntry = Omit<AuditEntry, 'kind' | 'detail'> & { readonly kind: ActivityKind; readonly detail?: object | undefined };

export interface ActivityLog {
  /** The user who is signed in, seen from this account: its owner or an administrator. */
  actor(req: Request, userId: string | null): Actor;
  /** Writes a line of the log and a row of the audit trail. A row that cannot be written is logged and counted; it never fails the request. */
  record(req: Request, entry: AuditEntry): Promise<void>;
  /** Writes a line of the log only, because the row was written together with the change. */
  log(req: Request, entry: LogEntry): void;
  /** A user signed in. If the browser had a session before, that session has ended. */
  signedIn(req: Request, event: SignInEvent): Promise<void>;
  /** A request ended its own session. */
  signedOut(req: Request, event: SignOutEvent): Promise<void>;
  /** Recorded for the owner of the account; for no user if there is no such account. `locks`: attempts are delayed from now on. */
  signInFailed(req: Request, identifier: string, options: { locks: boolean }): Promise<void>;
  /** An attempt was refused before its password was checked. Only logged: rows of these would hide everything else. */
  passwordThrottled(req: Request): void;
  /** A session of an earlier app was adopted: its user is signed in, without a password. */
  adopted(session: AdoptedSession): Promise<void>;
  /** A purge removed these sessions. */
  expired(batch: ExpiredBatch): Promise<void>;
  /** The app's expiry policy ended a session. */
  endedByPolicy(end: PolicyEnd): Promise<void>;
  /** These sessions ended because their user had more than the limit. */
  evicted(sessions: readonly EndedSession[]): Promise<void>;
  /** Number of rows that could not be written since the start. */
  dropped(): number;
}

/** The part of the accounts that keeps the audit trail. */
export type AuditTrail = Pick<Accounts, 'findUser' | 'recordActivity' | 'recordEvicted' | 'recordExpired'>;

export interface ActivityLogParts {
  /** undefined: there is no audit trail. */
  readonly accounts: AuditTrail | undefined;
  readonly logger: Logger;
  readonly emit: Emit;
  /** The server's clock. */
  readonly now: () => Date;
}

/** Logs what happens to accounts and sessions, writes it to the audit trail, and emits events. */
export function createActivityLog({ accounts, logger, emit, now }: ActivityLogParts): ActivityLog {
  let dropped = 0;

  async function bestEffort(write: (accounts: AuditTrail) => Promise<void>, rows = 1): Promise<void> {
    if (!accounts) return;
    try {
      await write(accounts);
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

  const handleOf = (req: Request, { handle }: LogEntry): string | null =>
    handle === undefined ? (sessionOf(req).handle() ?? null) : handle;

  function log(req: Request, entry: LogEntry): void {
    const { kind, userId, by = actor(req, userId), reason, detail } = entry;
    const handle = handleOf(req, entry);
    logger.info(
      { event: kind, id: requestIdOf(req), userId, by: by.kind, actorId: by.id, handle, reason, detail, 'client.address': by.ip },
      kind,
    );
    emitLogged(emit, { kind, userId, by, handle, reason, detail, at: now() });
  }

  async function record(req: Request, entry: AuditEntry): Promise<void> {
    const { userId, by = actor(req, userId) } = entry;
    const event = { ...entry, by, handle: handleOf(req, entry), at: now() };
    log(req, event);
    await bestEffort((trail) => trail.recordActivity(event));
  }

  /** A session that ended without a request. */
  function emitEnd(name: 'expired' | 'evicted', { handle, userId, at }: EndedSession, reason: EndReason): void {
    const event = { userId, handle, at, actor: SYSTEM_ACTOR, reason };
    emit(name, event);
    emit('sessionEnded', { ...event, ended: 1 });
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
    signedOut: (req, { user, handle }) =>
      record(req, {
        kind: 'signed_out',
        reason: 'signed_out',
        userId: user.id,
        handle,
        by: { ...stranger(req), kind: 'self', id: user.id },
      }),
    signInFailed: (req, identifier, { locks }) =>
      // The same work for an unknown name, so that timing does not reveal which accounts exist, not even the timing of the next request
      // if the database runs in this process. The identifier is never stored or logged, because people type passwords there by mistake.
      bestEffort(async (trail) => {
        const user = await trail.findUser(identifier);
        const entry: AuditEntry = { kind: 'sign_in_failed', userId: user?.id ?? null, by: stranger(req), handle: null };
        void record(req, entry);
        emit('signInFailed', { userId: entry.userId, locks, at: now(), actor: stranger(req) });
        if (locks) void record(req, { ...entry, kind: 'locked' });
      }),
    passwordThrottled: (req) =>
      logger.info({ event: 'password_throttled', id: requestIdOf(req), 'client.address': clientAddress(req) }, 'password_throttled'),
    async adopted({ handle, userId, client }) {
      const event = { kind: 'session_adopted', userId, handle, by: { kind: 'self', id: userId, ...client }, at: now() } as const;
      emit('signedIn', { userId, handle, method: 'adopted', at: event.at, actor: event.by });
      logger.info({ event: event.kind, userId, by: 'self', actorId: userId, handle, 'client.address': client.ip }, event.kind);
      await bestEffort((trail) => trail.recordActivity(event));
    },
    expired(batch) {
      for (const session of batch.sessions) emitEnd('expired', session, 'expired');
      return bestEffort((trail) => trail.recordExpired(batch), batch.sessions.length);
    },
    endedByPolicy({ handle, user, at, client }) {
      const session = { handle, userId: user.id, at };
      const reason = 'expiry_policy';
      logger.info(
        { event: 'session_expired', userId: user.id, by: 'system', handle, reason, 'client.address': client.ip },
        'session_expired',
      );
      emitEnd('expired', session, reason);
      return bestEffort((trail) => trail.recordExpired({ sessions: [session], removed: 1 }));
    },
    async evicted(sessions) {
      for (const session of sessions) {
        const { handle, userId } = session;
        logger.info({ event: 'session_evicted', userId, by: 'system', handle, reason: 'session_limit' }, 'session_evicted');
        emitEnd('evicted', session, 'session_limit');
      }
      await bestEffort((trail) => trail.recordEvicted(sessions), sessions.length);
    },
    dropped: () => dropped,
  };
}
