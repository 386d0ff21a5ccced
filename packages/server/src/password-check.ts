import { identifierKey, identifierKeysOf, MAX_CONCURRENT_HASHES, type Accounts, type Credentials } from '@gatehouse/accounts';
import type { Authentication } from '@gatehouse/contract';
import { createSignInQueue, deviceTokens, type KnownDevice, type SignInCall, type SignInLimits, type SignInQueue } from '@gatehouse/limits';
import { isSecure, presentedCookies, usesBearer } from '@gatehouse/session/request';
import { withTimeout } from '@gatehouse/session/with-timeout';
import type { SignInSettings } from '@gatehouse/settings';
import type { Request } from 'express';
import type { ActivityLog } from './activity-log.ts';
import type { Logger } from './logger.ts';

/**
 * Checks passwords for requests, with rate limits. Each attempt waits in a queue that is fair to addresses and accounts, and is counted
 * before the password is hashed.
 */
export interface PasswordCheck {
  /** @throws StorageUnavailableError, and errors of the database. Nothing was verified then, and nothing counted. */
  verify(req: Request, credentials: Credentials): Promise<Authentication>;
  /** Checks the password of the signed-in user again. Counted against the device, or against the session if the device is unknown. */
  verifyAgain(req: Request, userId: string, password: string): Promise<Authentication>;
  /** Call it when the session is stored. Sets the device cookie, so that attempts from this browser are counted separately from now on. */
  rememberDevice(req: Request, userId: string): void;
  /** How many attempts of this process are running, and how many wait. */
  load(): { readonly running: number; readonly waiting: number };
}

export interface PasswordCheckParts {
  readonly accounts: Accounts;
  readonly limits: SignInLimits;
  readonly activity: ActivityLog;
  readonly cookie: SignInSettings['deviceCookie'];
  /** The first signs, all verify. */
  readonly secrets: readonly [string, ...string[]];
  readonly logger: Logger;
  /** Default: a queue that runs enough attempts at once to keep the hashing busy. */
  readonly queue?: SignInQueue;
  /** Called for each attempt that is refused before its password is checked. */
  readonly onRefused?: ((reason: 'throttled' | 'busy') => void) | undefined;
}

/** The longest that browsers keep a cookie: RFC 6265bis, 5.5. */
const DEVICE_COOKIE_AGE_MS = 400 * 24 * 60 * 60 * 1000;

/** Our own, and a few that sibling hosts may have added. Each costs work before any limit applies. */
const MAX_TOKENS = 4;

/**
 * Attempts that run at once, from counting to the response, per password that can be hashed at once: while one is hashed, others wait for
 * the storage. More would not be faster, and the next attempt would wait behind them.
 */
const ATTEMPTS_PER_HASH = 4;

/** A storage that has just failed would take as long again, and the request still has a session to store. */
const REFUND_TIMEOUT_MS = 400;

/** Not the id of any account. */
const NO_ACCOUNT_ID = '-';

export function passwordCheck({
  accounts,
  limits,
  activity,
  cookie,
  secrets,
  logger,
  queue = createSignInQueue({ concurrency: ATTEMPTS_PER_HASH * MAX_CONCURRENT_HASHES }),
  onRefused = () => undefined,
}: PasswordCheckParts): PasswordCheck {
  const tokens = deviceTokens(secrets);
  const tokensOf = (req: Request): string[] => presentedCookies(req.headers.cookie, cookie.name).slice(0, MAX_TOKENS);

  function deviceOf(req: Request, userId: string): KnownDevice | undefined {
    const device = tokensOf(req)
      .map((token) => tokens.recognize(token, userId))
      .find((name) => name !== undefined);
    return device === undefined ? undefined : { userId, device };
  }

  /**
   * Runs before the queue, because the queue depends on it. So the account is looked up only for a browser with an earlier sign-in, and
   * other clients cannot make the database work before the queue. An unknown name has no device.
   */
  async function knownDevice(req: Request, identifier: string): Promise<KnownDevice | undefined> {
    if (!tokensOf(req).some(tokens.isGenuine)) return undefined;
    const user = await accounts.findUser(identifier);
    // Also without an account: the time to check signatures would otherwise reveal which accounts exist.
    const device = deviceOf(req, user?.id ?? NO_ACCOUNT_ID);
    return user && device;
  }

  /** The cookie stays after a sign-out, because it is for the next sign-in. */
  function rememberDevice(req: Request, userId: string): void {
    const { name, secure, sameSite, domain, path } = cookie;
    // A client with a token keeps no cookies.
    if (usesBearer(req)) return;
    // Browsers ignore a Secure cookie from plain http.
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

  /** If a refund fails, later attempts are delayed. That is no reason to fail or delay this request. */
  async function bestEffort(work: Promise<void>): Promise<void> {
    const done = work.catch((error: unknown) =>
      logger.warn({ err: error }, 'An attempt that was counted against an account or an address could not be refunded.'),
    );
    await withTimeout(done, { ms: REFUND_TIMEOUT_MS, onTimeout: () => undefined });
  }

  /** Counts the attempt, runs `work` if the limits allow it, and refunds the attempt if it did not fail. */
  async function counted(
    req: Request,
    call: Omit<SignInCall, 'address'>,
    work: () => Promise<Authentication>,
    onFailure: (options: { locks: boolean }) => Promise<void>,
  ): Promise<Authentication> {
    const attempt = await limits.attempt({ ...call, address: req.ip });
    if (!attempt.ok) {
      activity.passwordThrottled(req);
      onRefused('throttled');
      return { ok: false, reason: 'TOO_MANY_ATTEMPTS', retryAfterSeconds: Math.ceil(attempt.retryAfterMs / 1000) };
    }
    let outcome: Authentication;
    try {
      outcome = await work();
    } catch (error) {
      // Not waited for: the storage may be the same that has just failed.
      void bestEffort(attempt.cancelled());
      throw error;
    }
    if (outcome.ok) {
      await bestEffort(attempt.succeeded(identifierKeysOf(outcome.user)));
    } else if (outcome.reason === 'TOO_BUSY') {
      await bestEffort(attempt.cancelled());
    } else {
      await onFailure({ locks: attempt.locks });
    }
    return outcome;
  }

  async function queued(req: Request, knownTo: string | undefined, check: () => Promise<Authentication>): Promise<Authentication> {
    const closed = new AbortController();
    const abort = (): void => closed.abort();
    if (req.res?.closed) abort();
    req.res?.once('close', abort);
    try {
      const outcome = await queue.run({ address: req.ip, knownTo, signal: closed.signal }, check);
      const result: Authentication = outcome.ran ? outcome.result : { ok: false, reason: 'TOO_BUSY' };
      if (!result.ok && result.reason === 'TOO_BUSY') onRefused('busy');
      return result;
    } finally {
      req.res?.off('close', abort);
    }
  }

  return {
    rememberDevice,
    load: () => queue.load(),

    async verify(req, credentials) {
      const { identifier } = credentials;
      const device = await knownDevice(req, identifier);
      return queued(req, device?.userId, () =>
        counted(
          req,
          { identifierKey: keyOf(identifier), device },
          () => accounts.authenticate(credentials),
          (options) => activity.signInFailed(req, identifier, options),
        ),
      );
    },

    verifyAgain: (req, userId, password) =>
      queued(req, userId, () =>
        counted(
          req,
          // Other people cannot use this limit up, because they have neither the device nor the session.
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

/** Identifiers that no account can have are limited like others. */
const keyOf = (identifier: string): string => identifierKey(identifier) ?? `none ${identifier.normalize('NFKC').toLowerCase()}`;
