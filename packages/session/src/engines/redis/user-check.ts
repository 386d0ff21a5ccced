import type { SessionUser } from '@gatehouse/contract';
import { randomBytes } from 'node:crypto';
import { UnreadableUserError, type FoundUser } from '../../user-source.ts';
import { findUser } from '../users-of.ts';
import type { RedisContext } from './redis-context.ts';
import { readUserCopy, renewedUserCopy } from './user-copy.ts';

type Arguments = readonly (string | number)[];

/** What a script gives where no copy says whether the user may have the session. */
export interface Question {
  readonly userId: string;
  /** As it is stored; empty: there is none. */
  readonly copy: string;
  /** What a copy may be kept under. */
  readonly ticket: string;
}

export interface Checked {
  /** The script's; 'ended' if the user has no sessions, or none that this version can serve. */
  readonly reply: unknown;
  /** As the source has just given it; undefined: it was not asked. */
  readonly user: SessionUser | undefined;
}

/**
 * Whether the user of a session may have it. A script answers from the copy in the user's slot, or asks; then the source is asked, and
 * the script is run once more with the answer: so a change or an end that came meanwhile counts.
 */
export function createUserCheck({ users, now, onCorrupt }: Pick<RedisContext, 'users' | 'now' | 'onCorrupt'>) {
  const process = randomBytes(9).toString('base64url');
  let tickets = 0;
  // Without an age a copy is good until a change is announced.
  const maxAge = Number.isFinite(users.maxAgeMs) ? (users.maxAgeMs ?? '') : '';

  /** No two are the same, in whatever process. */
  const newTicket = (): string => `${process}${(tickets += 1).toString(36)}`;

  /** Puts the question to the source, and the answer to the script. */
  async function ask(handle: string, { userId, copy, ticket }: Question, run: (answer: Arguments) => Promise<unknown>): Promise<Checked> {
    const askedAtMs = now();
    let found: FoundUser | undefined;
    try {
      found = await findUser(users, userId);
    } catch (error) {
      if (!(error instanceof UnreadableUserError)) throw error;
      onCorrupt?.({ engine: 'redis', handle, error });
    }
    if (!found) return { reply: 'ended', user: undefined };
    const isOthers = copy !== '' && !readUserCopy(copy, userId);
    const text = isOthers ? (renewedUserCopy(copy, found.user, askedAtMs) ?? '') : JSON.stringify(found.user);
    // What another version keeps in a copy is as old as it was.
    const reply = await run([maxAge, '', 1, found.credentialEpoch, ticket, text, isOthers ? '' : askedAtMs]);
    return { reply, user: found.user };
  }

  return {
    newTicket,

    ask,

    async check(handle: string, run: (answer: Arguments) => Promise<unknown>): Promise<Checked> {
      const reply = await run([maxAge, newTicket(), 0, '', '', '', '']);
      if (!Array.isArray(reply) || reply[0] !== 'ask') return { reply, user: undefined };
      const [, userId, copy, ticket] = reply as [string, string, string, string];
      return ask(handle, { userId, copy, ticket }, run);
    },
  };
}

export type UserCheck = ReturnType<typeof createUserCheck>;
