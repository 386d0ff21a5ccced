import type { FoundUser } from '@gatehouse/accounts';
import type { SignInLimits } from '@gatehouse/limits';
import { engineEntry } from '@gatehouse/session/registry';
import { Failure } from '../failure.ts';
import type { LocalSessions } from '../local.ts';
import { localLimits } from '../local-limits.ts';
import { COMMAND_LINE, writeAudit } from '../write-audit.ts';
import { sessionsOfAll, sessionsOfOne } from './local-session-list.ts';
import type { Administration, DescribedUser } from './administration.ts';

/** Administration in the configured storage. */
export function localAdministration(local: LocalSessions): Administration {
  const { accounts, engine, settings, summarize } = local;
  const hasSessions = engineEntry(settings.session.engine).sessionsIn !== 'memory';

  async function described(users: readonly FoundUser[]): Promise<DescribedUser[]> {
    const { identifierKeysOf } = await import('@gatehouse/accounts');
    const limits: SignInLimits | undefined = await localLimits(local);
    const [sessions, locked] = await Promise.all([
      hasSessions ? engine.countByUsers(users.map(({ id }) => id)) : undefined,
      limits?.areLocked(users.map((user) => ({ identifierKeys: identifierKeysOf(user), userId: user.id }))),
    ]);
    return users.map((user, at) => ({
      ...user,
      lastSignIn: user.lastSignIn ?? null,
      sessions: sessions ? (sessions.get(user.id) ?? 0) : null,
      isLocked: locked?.[at] ?? null,
    }));
  }

  return {
    findUser: (identifier) => accounts.findUser(identifier),

    async describeUser(userId) {
      const user = await accounts.describeUser(userId);
      return user && (await described([user]))[0];
    },

    async searchUsers({ text, role, status, sort, descending = sort !== 'name', cursor, limit }) {
      const page = await accounts.searchUsers({ text, role, status, sort, descending, after: cursor, limit });
      return { users: await described(page.users), next: page.next ?? null, isComplete: page.isComplete };
    },

    async updateUser(userId, changes) {
      const { UserAttributesError } = await import('@gatehouse/accounts');
      const outcome = await accounts.updateUser(userId, changes, { by: COMMAND_LINE }).catch((error: unknown) => {
        throw error instanceof UserAttributesError ? new Failure('INVALID_INPUT', error.message) : error;
      });
      if (outcome.ok) return outcome.user;
      throw new Failure('INVALID_INPUT', Object.values(outcome.problems).flat().join(' '));
    },

    setRole: (userId, role) => accounts.setRole(userId, role, { by: COMMAND_LINE }),
    setStatus: (userId, status) => accounts.setStatus(userId, status, { by: COMMAND_LINE }),
    deleteUser: (userId) => accounts.deleteUser(userId, { by: COMMAND_LINE }),

    async unlockUser(user) {
      const [{ identifierKeysOf }, limits] = await Promise.all([import('@gatehouse/accounts'), localLimits(local, { required: true })]);
      await limits.unlockAccount({ identifierKeys: identifierKeysOf(user), userId: user.id });
      await writeAudit(accounts, { kind: 'unlocked', userId: user.id });
    },

    async listSessions({ userId, limit }) {
      const { live, total } = await (userId === undefined ? sessionsOfAll(engine, limit) : sessionsOfOne(engine, userId, limit));
      const newestFirst = live.toSorted((a, b) => b.record.lastActivityAtMs - a.record.lastActivityAtMs);
      return { sessions: newestFirst.map(summarize), total };
    },

    async describeSession(handle) {
      const found = handle === '' ? undefined : await engine.find(handle);
      if (!found) return undefined;
      const { hiddenValue } = await import('@gatehouse/server/hidden-value');
      const data = Object.entries(found.record.data).map(([key, value]) => ({ key, ...hiddenValue(key, value) }));
      return {
        session: summarize(found),
        data: Object.fromEntries(data.map(({ key, value }) => [key, value])),
        hidden: data.filter(({ isHidden }) => isHidden).map(({ key }) => key),
      };
    },

    async revokeSession(handle) {
      // If an earlier revocation was not acknowledged, `find` may find nothing although `destroy` still has work to do.
      const found = handle === '' ? undefined : await engine.find(handle);
      if (handle === '' || !(await engine.destroy(handle))) return false;
      await writeAudit(accounts, { kind: 'session_revoked', userId: found?.record.userId ?? null, handle });
      return true;
    },

    async revokeOfUser(userId) {
      const revoked = await engine.destroyByUser(userId);
      if (revoked > 0) await writeAudit(accounts, { kind: 'sessions_revoked', detail: { ended: revoked }, userId });
      return revoked;
    },

    async revokeAll() {
      const ended = await engine.destroyAll();
      await writeAudit(accounts, { kind: 'sessions_revoked', detail: { ended, everyone: true }, userId: null });
      return ended;
    },
  };
}
