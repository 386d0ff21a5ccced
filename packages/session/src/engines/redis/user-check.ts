import type { SessionUser } from '@gatehouse/contract';
import { randomBytes } from 'node:crypto';
import { UnreadableUserError, type FoundUser } from '../../user-source.ts';
import { findUser } from '../users-of.ts';
import type { RedisContext } from './redis-context.ts';
import { readUserCopy, renewedUserCopy } from './user-copy.ts';

type Arguments = readonly (string | number)[];

/** A script's reply if no copy shows whether the user may have the session. */
export interface Question {
  readonly userId: string;
  /** The stored copy; empty: none. */
  readonly copy: string;
  /** Ticket needed to store a copy. */
  readonly ticket: string;
}

export interface Checked {
  /** The script's reply; 'ended' if the user may not have sessions or this version cannot read the user. */
  readonly reply: unknown;
  /** The user from the source; undefined if it was not queried. */
  readonly user: SessionUser | undefined;
}

/**
 * Checks whether the user of a session may have it. The script decides by the copy in the user's slot. Without a valid
 * copy, the source is queried and the script runs again with the result, so that changes and ends in between are
 * respected.
 */
export function createUserCheck({ users, now, onCorrupt }: Pick<RedisContext, 'users' | 'now' | 'onCorrupt'>) {
  const process = randomBytes(9).toString('base64url');
  let tickets = 0;
  // Without a maximum age, a copy is valid until a change is announced.
  const maxAge = Number.isFinite(users.maxAgeMs) ? (users.maxAgeMs ?? '') : '';

  /** Unique across processes. */
  const newTicket = (): string => `${process}${(tickets += 1).toString(36)}`;

  /** Queries the source and runs the script with the result. */
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
    // A copy of another version keeps its age.
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
