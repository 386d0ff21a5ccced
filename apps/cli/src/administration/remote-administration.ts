import { errorReason } from '@gatehouse/client';
import {
  ownedSessionDetailsSchema,
  ownedSessionPageSchema,
  userRowSchema,
  userSearchSchema,
  type AttributeChanges,
  type FieldEdits,
  type OwnedSession,
  type OwnedSessionPage,
} from '@gatehouse/contract';
import { EXIT } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { connectToServer, type ServerOptions } from '../server-connection.ts';
import { askSecret, hasTerminal } from '../terminal/ask.ts';
import { MAX_SEARCH_PAGE, type Administration, type SummarizedSession } from './administration.ts';

/** Administration on a server, by its API, with the session of `gatehouse login`. The server checks that its user is an administrator. */
export function remoteAdministration(options: ServerOptions): Administration {
  const { client } = connectToServer(options);
  const { users, sessions } = client.admin;

  /** Runs a call that requires a recent password. Asks for it, if there is a terminal. */
  async function acting<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (errorReason(error) !== 'REAUTHENTICATION_REQUIRED') throw error;
      if (!hasTerminal())
        throw new Failure(
          'REAUTHENTICATION_REQUIRED',
          'Your sign-in is not recent enough for this. Sign in again: gatehouse login',
          EXIT.NOT_SIGNED_IN,
        );
    }
    const password = await askSecret('Your password, to confirm this', (value) => (value === '' ? 'Enter your password.' : undefined));
    await client.auth.reauthenticate.mutate({ password });
    return call();
  }

  return {
    findUser: async (identifier) => (await users.find.query({ identifier })) ?? undefined,
    describeUser: async (userId) => userRowSchema.optional().parse(await orUndefined(users.get.query({ userId }))),
    searchUsers: async (search) => userSearchSchema.parse(await users.search.query(search)),
    updateUser: (userId, { attributes, ...changes }) =>
      acting(() => users.update.mutate({ userId, ...changes, ...(attributes && { attributes: editsOf(attributes) }) })),
    setRole: (userId, role) => acting(() => users.setRole.mutate({ userId, role })),
    setStatus: (userId, status) => acting(() => users.setStatus.mutate({ userId, status })),
    deleteUser: (userId) => acting(() => users.delete.mutate({ userId })),
    unlockUser: ({ id }) => acting(() => users.unlock.mutate({ userId: id })),

    async listSessions({ userId, limit }) {
      const found: OwnedSession[] = [];
      let [cursor, total]: [string | null, number | null] = [null, null];
      do {
        const page: OwnedSessionPage = ownedSessionPageSchema.parse(
          await sessions.list.query({
            ...(userId !== undefined && { userId }),
            ...(cursor !== null && { cursor }),
            limit: Math.min(MAX_SEARCH_PAGE, limit - found.length),
            anonymous: true,
          }),
        );
        found.push(...page.sessions);
        [cursor, total] = [page.next, page.total];
      } while (cursor !== null && found.length < limit);
      const newestFirst = found.toSorted((a, b) => b.lastActivity.getTime() - a.lastActivity.getTime());
      return { sessions: newestFirst.map(summaryOf), total: cursor === null ? found.length : total };
    },

    async describeSession(handle) {
      const found = ownedSessionDetailsSchema.optional().parse(await orUndefined(sessions.get.query({ handle })));
      return (
        found && {
          session: { ...summaryOf(found), absoluteExpires: found.absoluteExpires },
          data: Object.fromEntries(found.data.map(({ key, value }) => [key, value])),
          hidden: found.data.filter(({ isHidden }) => isHidden).map(({ key }) => key),
        }
      );
    },

    revokeSession: async (handle) => (await orUndefined(acting(() => sessions.revoke.mutate({ handle })))) !== undefined,
    revokeOfUser: async (userId) => countOf(await acting(() => users.revokeSessions.mutate({ userId }))),
    revokeAll: async () => countOf(await acting(() => sessions.revokeAll.mutate())),
  };
}

/** In JSON, null empties a field. The server refuses values that its forms have no field for. */
const editsOf = (attributes: AttributeChanges): FieldEdits =>
  Object.fromEntries(Object.entries(attributes).map(([field, value]) => [field, (value as FieldEdits[string] | undefined) ?? null]));

const countOf = ({ ended }: { readonly ended: number }): number => ended;

const summaryOf = ({ handle, user, loginTime, lastActivity, expires, ip, userAgent }: OwnedSession): SummarizedSession => ({
  handle,
  user,
  created: loginTime,
  lastActivity,
  expires,
  ip,
  userAgent,
});

/** undefined if the server does not know it. */
async function orUndefined<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (errorReason(error) === 'NOT_FOUND') return undefined;
    throw error;
  }
}
