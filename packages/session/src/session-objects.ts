import type { Request } from 'express';
import { ExpiryCookie } from './expiry-cookie.ts';
import { expiryMs, NO_EXPIRY, type Expiry, type Lifetimes } from './policy.ts';
import { reservedKeyError } from './reserved-keys.ts';
import type { CookieSettings } from './session-cookie.ts';
import { createSessionObjects, type SessionActions } from './session-object.ts';
import { forgetRefusal, refusalOf, refuse } from './session-refusal.ts';
import { stateOf, snapshotOf } from './session-snapshot.ts';

export interface RequestSessionObjectsOptions {
  readonly cookie: CookieSettings;
  readonly lifetimes: Lifetimes;
  readonly now: () => number;
  /** Discards the object's unsaved data. */
  readonly rollback: (session: object) => void;
}

/** The objects behind `req.session` under `sessionMiddleware`, with their cookies. */
export function createRequestSessionObjects({ cookie: settings, lifetimes, now, rollback }: RequestSessionObjectsOptions) {
  const objects = createSessionObjects({ cookieOf, setCookie });

  function cookieOf(session: object): ExpiryCookie {
    const state = stateOf(session);
    return (state.cookie ??= new ExpiryCookie({
      settings,
      now,
      expiry: () => wantedExpiry(session),
      setExpiry: (expiry) => void (state.expiry = expiry),
      refuse: (error) => refuse(session, error),
    }));
  }

  /** For `Object.assign(req.session, before)` after `regenerate`: the new session gets the previous one's expiry. */
  function setCookie(session: object, value: unknown): void {
    if (!(value instanceof ExpiryCookie)) return refuse(session, reservedKeyError('cookie'));
    const expiry = ExpiryCookie.expiryOf(value);
    if (expiry) stateOf(session).expiry = expiry;
  }

  /** The session's own expiry, as set or as stored, and the resulting end. undefined: the settings decide. */
  function wantedExpiry(session: object): { expiry: Expiry; endsAtMs: number } | undefined {
    const record = snapshotOf(session)?.record;
    const asked = stateOf(session).expiry;
    const { customAgeSeconds, fixedExpiryMs } = asked ?? record ?? NO_EXPIRY;
    if (customAgeSeconds === null && fixedExpiryMs === null) return undefined;
    const expiry = { customAgeSeconds, fixedExpiryMs };
    if (!asked && record) return { expiry, endsAtMs: record.expiresAtMs };
    const nowMs = now();
    const timestamps = { createdAtMs: record?.createdAtMs ?? nowMs, renewedAtMs: nowMs, lastActivityAtMs: nowMs, ...expiry };
    return { expiry, endsAtMs: expiryMs(timestamps, lifetimes) };
  }

  return {
    create: (req: Request, actions: SessionActions): object => objects.create(req, actions),

    isOne: objects.isOne,

    /** @throws the error of a refused assignment to the object, if there was one. */
    assertAccepted(session: object): void {
      const refusal = refusalOfObject(session);
      if (refusal) throw refusal;
    },

    rollback(session: object): void {
      rollback(session);
      const state = stateOf(session);
      state.expiry = undefined;
      state.cookie = undefined;
      forgetRefusal(session);
    },
  };
}

export type RequestSessionObjects = ReturnType<typeof createRequestSessionObjects>;

/** The error of a refused assignment to a session object or its cookie. */
export function refusalOfObject(session: object): Error | undefined {
  const { cookie } = stateOf(session);
  const strange = cookie && ExpiryCookie.strangeKeyOf(cookie);
  return refusalOf(session) ?? (strange === undefined ? undefined : reservedKeyError(`cookie.${strange}`));
}
