import { identifierKey, identifierKeysOf, MAX_CONCURRENT_HASHES, type Accounts, type Credentials } from '@gatehouse/accounts';
import type { Authentication } from '@gatehouse/contract';
import { createSignInQueue, deviceTokens, type KnownDevice, type SignInCall, type SignInLimits, type SignInQueue } from '@gatehouse/limits';
import { isSecure, presentedCookies } from '@gatehouse/session/request';
import { withTimeout } from '@gatehouse/session/with-timeout';
import type { SignInSettings } from '@gatehouse/settings';
import type { Request } from 'express';
import type { ActivityLog } from './activity-log.ts';
import type { Logger } from './logger.ts';

/**
 * The only way from a request to a password: an attempt waits for its turn, which addresses and accounts share fairly, and is counted before
 * the password is hashed.
 */
export interface PasswordCheck {
  /** @throws StorageUnavailableError, and errors of the database: nothing was verified then, and nothing counted. */
  verify(req: Request, credentials: Credentials): Promise<Authentication>;
  /** The password of whoever is signed in, once more. Counted against the device, or against the session as against one. */
  verifyAgain(req: Request, userId: string, password: string): Promise<Authentication>;
  /** Once the session is stored: gives the browser the cookie by which its attempts count by themselves from now on. */
  rememberDevice(req: Request, userId: string): void;
}

export interface PasswordCheckParts {
  readonly accounts: Accounts;
  readonly limits: SignInLimits;
  readonly activity: ActivityLog;
  readonly cookie: SignInSettings['deviceCookie'];
  /** The first signs, all verify. */
  readonly secrets: readonly [string, ...string[]];
  readonly logger: Logger;
  /** Default: one that lets so many through together as keep the hashing busy. */
  readonly queue?: SignInQueue;
}

/** As long as browsers keep a cookie: RFC 6265bis, 5.5. */
const DEVICE_COOKIE_AGE_MS = 400 * 24 * 60 * 60 * 1000;

/** Ours, and some that other sites under the same domain may have added. Each is work before anything is limited. */
const MOST_TOKENS = 4;

/**
 * So many passwords are looked at together, from counting to the answer, for each that can be hashed at once: while one is hashed, others
 * wait for the storage. More would not be faster, and whoever comes next would wait behind them.
 */
const ATTEMPTS_A_HASH = 4;

/** A storage that has just failed would take as long again as it did; the request has a session to store. */
const TAKE_BACK_PATIENCE_MS = 400;

/** No account's id. */
const NOBODY = '-';

export function passwordCheck({
  accounts,
  limits,
  activity,
  cookie,
  secrets,
  logger,
  queue = createSignInQueue({ concurrency: ATTEMPTS_A_HASH * MAX_CONCURRENT_HASHES }),
}: PasswordCheckParts): PasswordCheck {
  const tokens = deviceTokens(secrets);
  const tokensOf = (req: Request): string[] => presentedCookies(req.headers.cookie, cookie.name).slice(0, MOST_TOKENS);

  function deviceOf(req: Request, userId: string): KnownDevice | undefined {
    const device = tokensOf(req)
      .map((token) => tokens.recognize(token, userId))
      .find((name) => name !== undefined);
    return device === undefined ? undefined : { userId, device };
  }

  /**
   * Asked before the attempt has its turn, for it decides about that. So the account is looked up only for a browser that somebody has signed in on,
   * and a stranger cannot make the database work before the queue. Of an unknown name there is no device.
   */
  async function knownDevice(req: Request, identifier: string): Promise<KnownDevice | undefined> {
    if (!tokensOf(req).some(tokens.isGenuine)) return undefined;
    const user = await accounts.findUser(identifier);
    // For nobody as well: the time that signatures take would tell who has an account.
    const device = deviceOf(req, user?.id ?? NOBODY);
    return user && device;
  }

  /** Kept when people sign out: it is for the time after that. */
  function rememberDevice(req: Request, userId: string): void {
    const { name, secure, sameSite, domain, path } = cookie;
    // A browser drops a Secure cookie that comes over plain http.
    if (secure && !isSecure(req)) return;
    const presented = tokensOf(req);
    const token = presented.find((one) => tokens.recognize(one, userId) !== undefined) ?? presented[0];
    req.res?.cookie(name, tokens.issue(token, userId), {
      httpOnly: true,
      secure,
      sameSite,
      path,
      maxAge: DEVICE_COOKIE_AGE_MS,
      ...(domain !== undefined && { domain }),
    });
  }

  /** What is not taken back delays someone; it is no reason to fail a request that is done, nor to keep it waiting. */
  async function leniently(work: Promise<void>): Promise<void> {
    const done = work.catch((error: unknown) =>
      logger.warn({ err: error }, 'What counts against an account or an address could not be taken back.'),
    );
    await withTimeout(done, { ms: TAKE_BACK_PATIENCE_MS, onTimeout: () => undefined });
  }

  /** Lets `work` verify a password if one may be tried, and settles what counts. */
  async function counted(
    req: Request,
    call: Omit<SignInCall, 'address'>,
    work: () => Promise<Authentication>,
    onFailure: (options: { locks: boolean }) => Promise<void>,
  ): Promise<Authentication> {
    const attempt = await limits.attempt({ ...call, address: req.ip });
    if (!attempt.ok) {
      activity.passwordThrottled(req);
      return { ok: false, reason: 'TOO_MANY_ATTEMPTS', retryAfterSeconds: Math.ceil(attempt.retryAfterMs / 1000) };
    }
    let outcome: Authentication;
    try {
      outcome = await work();
    } catch (error) {
      // Not waited for: the storage may be the same that has just failed.
      void leniently(attempt.cancelled());
      throw error;
    }
    if (outcome.ok) {
      await leniently(attempt.succeeded(identifierKeysOf(outcome.user)));
    } else if (outcome.reason === 'TOO_BUSY') {
      await leniently(attempt.cancelled());
    } else {
      await onFailure({ locks: attempt.locks });
    }
    return outcome;
  }

  async function inTurn(req: Request, knownTo: string | undefined, check: () => Promise<Authentication>): Promise<Authentication> {
    const gone = new AbortController();
    const leave = (): void => gone.abort();
    if (req.res?.closed) leave();
    req.res?.once('close', leave);
    try {
      const outcome = await queue.run({ address: req.ip, knownTo, signal: gone.signal }, check);
      return outcome.ran ? outcome.result : { ok: false, reason: 'TOO_BUSY' };
    } finally {
      req.res?.off('close', leave);
    }
  }

  return {
    rememberDevice,

    async verify(req, credentials) {
      const { identifier } = credentials;
      const device = await knownDevice(req, identifier);
      return inTurn(req, device?.userId, () =>
        counted(
          req,
          { identifierKey: keyOf(identifier), device },
          () => accounts.authenticate(credentials),
          (options) => activity.signInFailed(req, identifier, options),
        ),
      );
    },

    verifyAgain: (req, userId, password) =>
      inTurn(req, userId, () =>
        counted(
          req,
          // Strangers cannot use this up: they have neither the device nor the session.
          { identifierKey: '', device: deviceOf(req, userId) ?? { userId, device: '' } },
          async () => {
            const outcome = await accounts.verifyPassword(userId, password);
            if (outcome.ok) await activity.record(req, { kind: 'password_confirmed', userId });
            return outcome;
          },
          async ({ locks }) => {
            await activity.record(req, { kind: 'password_rejected', userId });
            if (locks) await activity.record(req, { kind: 'locked', userId });
          },
        ),
      ),
  };
}

/** What no account can be called is limited, too, as if there were one. */
const keyOf = (identifier: string): string => identifierKey(identifier) ?? `none ${identifier.normalize('NFKC').toLowerCase()}`;
