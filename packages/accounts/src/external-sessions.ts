import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseUnavailable } from '@gatehouse/prisma';

/** An engine that keeps sessions, or copies of users, outside the transaction of an account change: one whose `inDatabase` is false. */
export interface ExternalSessions {
  /** Ends a user's sessions except one, whose epoch it sets. Returns how many it ended. See the engine port of `@gatehouse/session`. */
  destroyByUser(userId: string, options?: { exceptHandle?: string; exceptEpoch?: number; epochRises?: boolean }): Promise<number>;
  /** Until `endUserChange` is called with the returned token, no copy of the user is used or created; loads query the database. */
  beginUserChange(userId: string): Promise<string>;
  endUserChange(userId: string, token: string): Promise<void>;
  /** Invalidates all copies of the user. None is used after the promise resolves. */
  userChanged(userId: string): Promise<void>;
}

interface KeptSession {
  /** The session to keep. */
  readonly exceptHandle?: string | undefined;
  /** The account's epoch before the change. */
  readonly epoch: number;
}

export interface ExternalChanges {
  /** Runs a change that ends no sessions. */
  announced<Result>(userId: string, change: () => Promise<Result>): Promise<Result>;
  /** Runs a change that ends the user's sessions. `change` receives the number already ended, for the audit trail. */
  ending<Result extends { ended: number }>(
    userId: string,
    kept: KeptSession | undefined,
    change: (endedBefore: number) => Promise<Result>,
  ): Promise<Result>;
}

const FINISH_TIMEOUT_MS = 400;
const RETRY_AFTER_MS = 250;
const RETRY_FOR_MS = 60_000;

/**
 * Keeps sessions outside the database consistent with account changes:
 *
 * 1. Mark the account as changing. If that fails, nothing is changed. While the mark exists, no copy of the account is used, so every
 *    load sees the change as soon as it is committed.
 * 2. End sessions, if the change requires it. Doing so first means that a failure leaves the old password in place, to try again.
 * 3. Commit the change, then invalidate the copies and remove the mark.
 * 4. End sessions again, for those created in the meantime. Their epoch is old, so none was served after the commit.
 *
 * A failure after the commit is an error, so that the caller repeats the change. The mark then stays, which only makes loads slower,
 * until a retry in the background removes it.
 */
export function externalChanges(sessions: ExternalSessions | undefined): ExternalChanges {
  if (!sessions) return { announced: (_userId, change) => change(), ending: (_userId, _kept, change) => change(0) };
  return {
    announced: (userId, change) => marked(sessions, userId, (commit) => commit(change)),

    ending(userId, kept, change) {
      const keep = (raisedBy: number) =>
        kept?.exceptHandle === undefined ? undefined : { exceptHandle: kept.exceptHandle, exceptEpoch: kept.epoch + raisedBy };
      // If there are too many rows for one statement, the change invalidates them by raising the epoch.
      const end = (): Promise<number> => sessions.destroyByUser(userId, { ...keep(1), epochRises: true });
      // A session that kept the epoch of a failed change would survive the next one.
      const revert = (): Promise<unknown> => (keep(0) ? sessions.destroyByUser(userId, keep(0)) : Promise.resolve());
      const run = async (commit: Commit) => {
        const before = await end();
        const outcome = await commit(() => change(before));
        return { ...outcome, ended: outcome.ended + (await end()) };
      };
      return marked(sessions, userId, run, revert);
    },
  };
}

type Step = () => Promise<unknown>;

type Commit = <Result>(change: () => Promise<Result>) => Promise<Result>;

/** `work` commits the change with `commit`. `revert` undoes what `work` did outside the database before the commit. */
async function marked<Result>(
  sessions: ExternalSessions,
  userId: string,
  work: (commit: Commit) => Promise<Result>,
  revert?: Step,
): Promise<Result> {
  const token = await sessions.beginUserChange(userId);
  const announce: Step = () => sessions.userChanged(userId);
  const endChange: Step = () => sessions.endUserChange(userId, token);
  /** Cleanup steps that remain, whether `work` succeeds or fails. */
  let steps = [...(revert ? [revert] : []), announce, endChange];
  try {
    return await work(async (change) => {
      const outcome = await change().catch((error: unknown) => {
        // The commit may still happen if only its response was lost. Leave the mark; the engine drops it once no transaction can be that old.
        if (isDatabaseUnavailable(error)) steps = [];
        throw error;
      });
      steps = [announce, endChange];
      await announce();
      steps = [endChange];
      return outcome;
    });
  } finally {
    await bestEffort(steps);
  }
}

/** Runs the steps in order and retries each for up to a minute. The caller waits only 400 ms; the rest happens in the background. */
async function bestEffort(steps: readonly Step[]): Promise<void> {
  const startedAt = performance.now();
  const timeout = new AbortController();
  async function run(): Promise<void> {
    for (const step of steps) {
      while (!(await succeeds(step))) {
        if (performance.now() - startedAt > RETRY_FOR_MS) return;
        await sleep(RETRY_AFTER_MS, undefined, { ref: false });
      }
    }
  }
  await Promise.race([run(), sleep(FINISH_TIMEOUT_MS, undefined, { ref: false, signal: timeout.signal }).catch(() => undefined)]);
  timeout.abort();
}

const succeeds = (step: Step): Promise<boolean> =>
  step().then(
    () => true,
    () => false,
  );
