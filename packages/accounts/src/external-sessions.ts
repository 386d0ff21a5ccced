import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseUnavailable } from '@gatehouse/prisma';

/** Sessions, or copies of their users, that do not change with an account in one transaction: an engine whose `inDatabase` is false. */
export interface ExternalSessions {
  /** Ends a user's sessions but one, and gives that one an epoch; returns how many it ended: see the engine port of `@gatehouse/session`. */
  destroyByUser(userId: string, options?: { exceptHandle?: string; exceptEpoch?: number; epochRises?: boolean }): Promise<number>;
  /** Until `endUserChange` with the token that this gives, no copy of the user is used or made: whoever loads a session asks the database. */
  beginUserChange(userId: string): Promise<string>;
  endUserChange(userId: string, token: string): Promise<void>;
  /** What was copied of the user is not used any more when the promise resolves. */
  userChanged(userId: string): Promise<void>;
}

export interface KeptSession {
  /** The session that stays. */
  readonly exceptHandle?: string | undefined;
  /** The account's epoch before the change. */
  readonly epoch: number;
}

export interface ExternalChanges {
  /** Runs a change that ends no session. */
  announced<Result>(userId: string, change: () => Promise<Result>): Promise<Result>;
  /** Runs a change that ends a user's sessions. `change` is told how many ended before it, for the audit trail. */
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
 * How the sessions outside of the database follow a change of an account in it. The account is marked as changing first: where that fails
 * nothing is changed, and while the mark stands no copy of the account is used, so that the moment of the commit is the moment from which
 * every load sees it. The mark goes once every copy from before is out of use. Whatever fails after the commit is an error, so that the
 * change is made again; the mark then stands, which makes loads slower and nothing wrong, until another try in the background succeeds.
 *
 * Sessions end before the change: a new password with sessions that the old one could not end would be nothing to try again. And once
 * more after it, for those that were created meanwhile. None of them was served since the commit: their epoch is older.
 */
export function externalChanges(sessions: ExternalSessions | undefined): ExternalChanges {
  if (!sessions) return { announced: (_userId, change) => change(), ending: (_userId, _kept, change) => change(0) };
  return {
    announced: (userId, change) => marked(sessions, userId, (commit) => commit(change)),

    ending(userId, kept, change) {
      const keep = (raisedBy: number) =>
        kept?.exceptHandle === undefined ? undefined : { exceptHandle: kept.exceptHandle, exceptEpoch: kept.epoch + raisedBy };
      // Rows that are too many for one statement are left to the change, which raises the epoch.
      const end = (): Promise<number> => sessions.destroyByUser(userId, { ...keep(1), epochRises: true });
      // With the epoch of a change that was not made, the session would survive the next one.
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

/** `work` makes the change with `commit`. `revert` takes back what `work` did outside of the database before it. */
async function marked<Result>(
  sessions: ExternalSessions,
  userId: string,
  work: (commit: Commit) => Promise<Result>,
  revert?: Step,
): Promise<Result> {
  const token = await sessions.beginUserChange(userId);
  const announce: Step = () => sessions.userChanged(userId);
  const endChange: Step = () => sessions.endUserChange(userId, token);
  /** What is left to do, whatever becomes of the rest. */
  let steps = [...(revert ? [revert] : []), announce, endChange];
  try {
    return await work(async (change) => {
      const outcome = await change().catch((error: unknown) => {
        // A commit whose answer was lost may be on its way still: the mark stands until the engine finds it older than a transaction can be.
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

/** Takes the steps in turn, each until it succeeds. Waited for only briefly: a storage that has just failed would take as long again. */
async function bestEffort(steps: readonly Step[]): Promise<void> {
  const begun = performance.now();
  const timeout = new AbortController();
  async function run(): Promise<void> {
    for (const step of steps) {
      while (!(await succeeds(step))) {
        if (performance.now() - begun > RETRY_FOR_MS) return;
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
