import type { SignInLimits } from '@gatehouse/limits';
import { existingSecrets } from '@gatehouse/settings';
import { Failure } from './failure.ts';
import type { LocalSessions } from './local.ts';

/**
 * The limits of sign-ins, in the storage that the server uses for them; undefined if the secret of the server is not known here. Failed
 * sign-ins are stored under keys that are derived from the secret, so with another one, nothing would be found.
 * @throws Failure NO_SECRET if they are required
 */
export async function localLimits(local: LocalSessions, options: { readonly required: true }): Promise<SignInLimits>;
export async function localLimits(local: LocalSessions): Promise<SignInLimits | undefined>;
export async function localLimits(
  { settings, database, engine }: LocalSessions,
  { required = false }: { readonly required?: boolean } = {},
): Promise<SignInLimits | undefined> {
  const secrets = existingSecrets(settings);
  if (!secrets && !required) return undefined;
  if (!secrets)
    throw new Failure(
      'NO_SECRET',
      `There is no secret: SESSION_SECRET is not set, and ${settings.dataFolder} has no file session-secret. Set SESSION_SECRET or GATEHOUSE_DATA_DIR as for the server, in .env or before this command.`,
    );
  const { createLimitsForEngine } = await import('@gatehouse/limits');
  return createLimitsForEngine({
    engine,
    database,
    settings: settings.signIn.limits,
    secrets,
    timeoutMs: settings.session.storageTimeoutMs,
  });
}
