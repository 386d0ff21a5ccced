import type { SignInLimits } from '@gatehouse/limits';
import { sessionSecrets } from '@gatehouse/settings';
import { withLocal, type LocalSessions } from './local.ts';

/** With what counts failed sign-ins as well, in the storage that the server uses. */
export const withLimits = <T>(work: (local: LocalSessions & { readonly limits: SignInLimits }) => Promise<T>): Promise<T> =>
  withLocal(async (local) => {
    const { settings, database, engine } = local;
    const { limitsBesideSessions } = await import('@gatehouse/limits');
    const limits = limitsBesideSessions({
      engine,
      database,
      settings: settings.signIn.limits,
      secrets: sessionSecrets(settings),
      timeoutMs: settings.session.storageTimeoutMs,
    });
    return work({ ...local, limits });
  });
