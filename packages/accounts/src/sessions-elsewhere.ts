import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SessionUser } from '@gatehouse/contract';

/** Sessions that are not rows of the database, and so do not change with an account in one transaction. */
export interface SessionsElsewhere {
  /** Ends a user's sessions but one; returns how many. `epochRises`: the change raises the credential epoch, and ends what this leaves. */
  destroyByUser(userId: string, options?: { exceptKey?: string; epochRises?: boolean }): Promise<number>;
  /** For so many milliseconds nothing is stored there of a session of this user; 0 takes that back. `owner`: of one change. */
  bar(userId: string, bar: { owner: string; forMs: number }): Promise<void>;
  /** Renews what the sessions hold of their user. With all stored attributes, also those of other versions. */
  userChanged(user: SessionUser): Promise<void>;
}

/** A change of an account that ends sessions; told how many it has ended before, for the audit trail. */
type EndingChange<Result> = (endedBefore: number) => Promise<Result>;

/** Longer than a change takes: each of its steps has a time limit. */
const BAR_MS = 10_000;
const LIFT_PATIENCE_MS = 400;
const LIFT_AGAIN_MS = 250;

/**
 * Runs a change that ends a user's sessions, and ends those that are elsewhere before it and once more after it. Before, because
 * where they cannot be reached nothing must be changed: a password that is new already while the sessions of the old one live on is
 * no change that its owner could try again. Between the two nobody can sign in, so that nothing is there to be ended should they not be
 * reached any more; after, in case the change took longer than the bar. A sign-in that comes later is refused by the database.
 */
export type EndsElsewhere = <Result extends { ended: number }>(
  userId: string,
  options: { exceptKey?: string | undefined },
  change: EndingChange<Result>,
) => Promise<Result>;

export function endsElsewhere(sessions: SessionsElsewhere | undefined): EndsElsewhere {
  return async (userId, { exceptKey }, change) => {
    if (!sessions) return change(0);
    // Rows that are too many for one statement are left to the change, which raises the epoch.
    const end = (): Promise<number> => sessions.destroyByUser(userId, { epochRises: true, ...(exceptKey !== undefined && { exceptKey }) });
    const owner = randomUUID();
    try {
      await sessions.bar(userId, { owner, forMs: BAR_MS });
      const before = await end();
      const outcome = await change(before);
      return { ...outcome, ended: outcome.ended + (await end()) };
    } finally {
      // Also of one whose answer was lost. Where it cannot be reached, to wait for it would take as long again.
      const patience = sleep(LIFT_PATIENCE_MS, undefined, { ref: false });
      await Promise.race([liftBar(sessions, userId, owner), patience]);
    }
  };
}

/** Tries until it is done or the bar is over by itself. */
async function liftBar(sessions: SessionsElsewhere, userId: string, owner: string): Promise<void> {
  const begun = performance.now();
  while (performance.now() - begun < BAR_MS) {
    const lifted = await sessions.bar(userId, { owner, forMs: 0 }).then(
      () => true,
      () => false,
    );
    if (lifted) return;
    await sleep(LIFT_AGAIN_MS, undefined, { ref: false });
  }
}
