import { describeSecret, withoutPasswords, type Settings } from '@gatehouse/settings';
import type { LocalSessions } from '../../local.ts';
import { requireSession } from '../../require-session.ts';
import { requireUser } from '../../require-user.ts';
import type { SessionSummary } from '../../session-summary.ts';
import { COMMAND_LINE } from '../../write-audit.ts';

/** What code in the shell finds, with the line of the banner that explains it. */
export function shellNames({ engine, accounts, database, settings, summarize }: LocalSessions) {
  const sessions = {
    /** The session with this handle, without its secret. @throws Failure NOT_FOUND */
    find: async (handle: string) => summarize(await requireSession(engine, handle)),
    /** The live sessions, at most `limit`. */
    list: async (limit = 50) => (await engine.list({ limit })).sessions.map(summarize),
    /** The live sessions of a user: user name or e-mail address. @throws Failure UNKNOWN_USER */
    async ofUser(identifier: string) {
      const { sessionsOfUser } = await import('@gatehouse/session/engine');
      const { id } = await requireUser(accounts, identifier);
      const found: SessionSummary[] = [];
      for await (const session of sessionsOfUser(engine, id)) found.push(summarize(session));
      return found;
    },
    count: () => engine.count(),
  };
  return { engine, accounts, sessions, database, prisma: database.prisma, settings: withoutSecrets(settings), by: COMMAND_LINE };
}

/** Output of the shell ends up in logs and on screens that others see. */
function withoutSecrets(settings: Settings): Settings {
  const { session, server, database, redis, adoption } = settings;
  const { metrics } = server;
  return {
    ...settings,
    session: { ...session, secrets: session.secrets.map(describeSecret) },
    server: {
      ...server,
      metrics: metrics && { ...metrics, token: metrics.token === undefined ? undefined : describeSecret(metrics.token) },
    },
    database: { ...database, url: withoutPasswords(database.url) },
    redis: { url: redis.url === undefined ? undefined : withoutPasswords(redis.url) },
    adoption: adoption && {
      ...adoption,
      secrets: adoption.secrets.map(describeSecret),
      redisUrl: withoutPasswords(adoption.redisUrl),
    },
    passwordPeppers: settings.passwordPeppers.map(describeSecret),
  };
}

export const BANNER = `
  engine     await engine.count(), find, listByUser, destroy …
  sessions   await sessions.ofUser('ada'), list(), find('ses_…'), count()
  accounts   await accounts.findUser('ada'), listUsers({ limit: 10 }) …
  prisma     await prisma.user.count(); a change here writes no audit entry and ends no session
  settings   the settings, without secrets
  by         the actor for the audit trail: await accounts.setRole(id, 'admin', { by })
.help lists the commands of the shell. Ctrl+D ends it.`;
