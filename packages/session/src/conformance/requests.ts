import { sessionDataSchema, type SessionUser } from '@gatehouse/contract';
import type { Request } from 'express';
import type { ClientInfo, Engine, LoadOutcome } from '../engine-port.ts';
import { SessionConflictError, SessionEndedError } from '../errors.ts';
import type { Lifetimes } from '../policy.ts';
import { createRepository } from '../repository.ts';
import { LiveSession, type SessionParts } from '../live-session.ts';
import { RequestSession } from '../request-session.ts';
import { hashSecret, parseToken, type SessionToken } from '../session-id.ts';
import { createRequestSessionObjects } from '../session-objects.ts';

const CLIENT: ClientInfo = { ip: '198.51.100.1', userAgent: 'Visitor/1' };

/** ok: 200; conflict: 409; ended: 401 SESSION_ENDED; refused: the user may not sign in. */
export type Answer = 'ok' | 'conflict' | 'ended' | 'refused';

export interface Answered {
  readonly answer: Answer;
  /** Effect on the browser's cookie: a new token, `expire`, or nothing. */
  readonly cookie: SessionToken | 'expire' | undefined;
  /** Load outcome of the request's cookie. */
  readonly loaded: LoadOutcome['status'];
}

export type BrowserRequest = (token: SessionToken) => Promise<Answered>;

/** Requests of a browser to one server process, as `sessionMiddleware` and a handler process them, without HTTP. */
export function requestsAt({
  engine,
  lifetimes,
  now,
}: {
  readonly engine: Engine;
  readonly lifetimes: Lifetimes;
  readonly now: () => number;
}) {
  const repository = createRepository({
    engine,
    lifetimes,
    now,
    schema: sessionDataSchema,
    rules: {
      own: new Set(['cookie']),
      reserved: new Set(),
      keepsDates: (key) => Object.hasOwn(sessionDataSchema.shape, key),
      expiryOf: () => undefined,
    },
  });
  const cookie = { name: 'sessionid', path: '/', domain: undefined, sameSite: 'lax', secure: false } as const;
  const parts: SessionParts = {
    repository,
    objects: createRequestSessionObjects({ cookie, lifetimes, now, rollback: repository.rollback }),
    lifetimes,
    now,
    freshAgeMs: 600_000,
    onSignIn: undefined,
    markSecret: (_req, secret) => secret,
  };

  async function load(token: SessionToken): Promise<{ live: LiveSession; outcome: LoadOutcome }> {
    const outcome = await engine.load(token.handle, { secretHash: hashSecret(token.secret), client: CLIENT });
    const live = new LiveSession(parts, {
      req: {} as Request,
      client: CLIENT,
      background: false,
      token,
      outcome,
      isIssued: () => true,
      beganAtMs: 0,
      isCleanUpDue: () => false,
      assertDeliverable: () => undefined,
    });
    return { live, outcome };
  }

  /** `work` returns whether it succeeded. */
  const request =
    (work: (session: HeldSession) => Promise<boolean>): BrowserRequest =>
    async (token) => {
      const { live, outcome } = await load(token);
      const answer = await answerOf(work(new HeldSession(live)));
      const due = live.cookie();
      return { answer, cookie: typeof due === 'object' ? parseToken(due.id) : due, loaded: outcome.status };
    };
  /** Operations that need a live session. */
  const withSession = (work: (session: HeldSession) => Promise<boolean>): BrowserRequest =>
    request((session) => (session.handle() === undefined ? Promise.reject(new SessionEndedError()) : work(session)));

  return {
    /** A request that has begun. */
    begin: async (token: SessionToken): Promise<HeldSession> => new HeldSession((await load(token)).live),
    visit: request(() => Promise.resolve(true)),
    signOut: request((session) => session.flush().then(() => true)),
    rotate: withSession((session) => session.cycle().then(orEnded)),
    reauthenticate: (credentialEpoch: number) => withSession((session) => session.reauthenticate({ credentialEpoch }).then(orEnded)),
    signIn: (user: SessionUser, credentialEpoch: number) => request((session) => session.signIn(user, { credentialEpoch })),
    write: (data: object) =>
      withSession((session) => {
        Object.assign(session.data, data);
        return session.commitOrThrow().then(() => true);
      }),
  };
}

/** A handler's session and its `req.session`. */
export class HeldSession extends RequestSession {
  readonly #held: LiveSession;

  constructor(live: LiveSession) {
    super(live);
    this.#held = live;
  }

  get data(): Record<string, unknown> {
    return this.#held.required() as Record<string, unknown>;
  }
}

function orEnded(isDone: boolean): true {
  if (!isDone) throw new SessionEndedError();
  return true;
}

async function answerOf(work: Promise<boolean>): Promise<Answer> {
  try {
    return (await work) ? 'ok' : 'refused';
  } catch (error) {
    if (error instanceof SessionConflictError) return 'conflict';
    if (error instanceof SessionEndedError) return 'ended';
    throw error;
  }
}
