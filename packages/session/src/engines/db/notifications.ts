import type { Database } from '@gatehouse/prisma';
import { sql } from '@gatehouse/prisma/sql';
import type { ChangeHint, Engine } from '../../engine-port.ts';
import { createChanges, messageOf } from '../changes.ts';

const CHANNEL = 'gatehouse_changes';
/** Of the migration `notifications_and_user_pages`. */
const TRIGGER = 'gatehouse_user_changed';
/** More messages at once are replaced by one that says that anything may have changed. */
const MAX_WAITING = 200;
const RETRY_MS = 1000;

export interface DbChanges {
  /** undefined behind a pooler, which passes notifications to the database, but not from it. */
  readonly subscribe: Engine['subscribe'];
  /** Call it after the change is committed. Returns at once. */
  tell(...hints: ChangeHint[]): void;
  /** Waits until everything is sent, or cannot be. */
  settle(): Promise<void>;
}

/**
 * Changes by PostgreSQL's LISTEN and NOTIFY. undefined: the database has no notifications.
 *
 * A trigger reports changed accounts. The engine reports changes of sessions, after they are committed, and several together: a
 * transaction with a notification holds a lock of the whole server until it is on the disk, which limits sign-ins to a few hundred a second
 * (docs/decisions/0033-notifications.md). A notification alone does not wait for the disk. It is lost if the process crashes first, and the
 * next check finds the change.
 *
 * The heartbeat is sent on a connection of the pool and received on the one that listens. So an undetected pooler only causes polling.
 */
export function dbChanges(
  { provider, prisma, listen }: Pick<Database, 'provider' | 'prisma' | 'listen'>,
  beatMs?: number,
): DbChanges | undefined {
  if (provider !== 'postgresql') return undefined;
  let waiting = new Set<string>();
  let sending: Promise<void> | undefined;

  const publish = (messages: readonly string[]): Promise<number> =>
    prisma.$executeRaw(sql`
      SELECT set_config('synchronous_commit', 'off', true), pg_notify(${CHANNEL}, message) FROM unnest(${messages}::text[]) AS message`);

  async function send(): Promise<void> {
    while (waiting.size > 0) {
      const messages = waiting.size > MAX_WAITING ? [messageOf('anything')] : [...waiting];
      waiting = new Set();
      // oxlint-disable-next-line no-await-in-loop -- changes reported meanwhile are sent together
      if (!(await publish(messages).catch(() => undefined))) retry();
    }
  }

  /** Reports that anything may have changed, because it is no longer known which messages failed. */
  function retry(): void {
    setTimeout(() => tell('anything'), RETRY_MS).unref();
  }

  function tell(...hints: ChangeHint[]): void {
    for (const message of hints.map(messageOf)) waiting.add(message);
    sending ??= send().finally(() => (sending = undefined));
  }

  /** A copy of the tables has no triggers, unless the program that made it copied them, too. */
  async function assertTrigger(): Promise<void> {
    const found = await prisma.$queryRaw<unknown[]>(sql`
      SELECT tgname FROM pg_trigger
      WHERE tgrelid = to_regclass('gatehouse_user') AND tgname = ${TRIGGER} AND tgenabled IN ('O', 'A')`);
    if (found.length === 0) throw new Error(`The trigger ${TRIGGER} is missing or disabled.`);
  }

  return {
    tell,
    settle: async () => sending,
    subscribe:
      listen &&
      createChanges({
        ...(beatMs !== undefined && { beatMs }),
        publish: (message) => publish([message]),
        async subscribe(onMessage, onLost) {
          await assertTrigger();
          return listen(CHANNEL, { onMessage, onLost });
        },
      }),
  };
}
