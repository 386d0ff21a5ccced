import { isIP } from 'node:net';
import type { Accounts } from '@gatehouse/accounts';
import type { SignInLimits } from '@gatehouse/limits';
import { existingSecrets, type Settings } from '@gatehouse/settings';
import { writeAudit } from '../../write-audit.ts';
import { command, reporting } from '../../command.ts';
import { EXIT } from '../../exit-codes.ts';
import { Failure } from '../../failure.ts';
import type { Report } from '../../report.ts';
import { requireUser } from '../../require-user.ts';
import { withLocal, type LocalSessions } from '../../local.ts';

interface UnlockOptions {
  readonly address?: string;
  readonly all?: boolean;
}

export const usersUnlock = () =>
  command('unlock', {
    description: 'Reset the failed sign-ins of an account or an IP address, so that the next sign-in is not delayed.',
    examples: [
      ['gatehouse users unlock ada', 'an account and its known devices'],
      ['gatehouse users unlock --address 192.0.2.7', 'an IP address; for IPv6 its /64 network'],
      ['gatehouse users unlock --all', 'all accounts and addresses'],
    ],
  })
    .argument('[identifier]', 'user name or e-mail address')
    .option('--address <ip>', 'an IP address')
    .option('--all', 'all accounts and addresses')
    .action(
      reporting((identifier: string | undefined, { address, all }: UnlockOptions) => {
        const chosen = [identifier !== undefined, address !== undefined, all === true].filter(Boolean).length;
        if (chosen !== 1) throw new Failure('USAGE', 'Pass one of: an account, --address or --all.', EXIT.USAGE);
        return withLimits(({ limits, accounts }) => {
          if (identifier !== undefined) return unlockAccount(accounts, limits, identifier);
          return address === undefined ? unlockAll(accounts, limits) : unlockAddress(accounts, limits, address);
        });
      }),
    );

async function unlockAccount(accounts: Accounts, limits: SignInLimits, identifier: string): Promise<Report> {
  const { identifierKeysOf } = await import('@gatehouse/accounts');
  const user = await requireUser(accounts, identifier);
  const { id, username } = user;
  await limits.unlockAccount({ identifierKeys: identifierKeysOf(user), userId: id });
  await writeAudit(accounts, { kind: 'unlocked', userId: id });
  return { json: { unlocked: username }, lines: [`Unlocked ${username}.`] };
}

async function unlockAddress(accounts: Accounts, limits: SignInLimits, address: string): Promise<Report> {
  if (isIP(address) === 0) throw new Failure('USAGE', `${JSON.stringify(address)} is not an IP address.`, EXIT.USAGE);
  await limits.unlockAddress(address);
  await writeAudit(accounts, { kind: 'unlocked', userId: null });
  return { json: { unlocked: address }, lines: [`Unlocked the address ${address}.`] };
}

async function unlockAll(accounts: Accounts, limits: SignInLimits): Promise<Report> {
  const count = await limits.unlockAll();
  await writeAudit(accounts, { kind: 'unlocked', userId: null });
  return {
    json: { unlocked: count },
    lines: [count === 0 ? 'Nothing to unlock: no failed sign-ins are counted.' : 'Unlocked all accounts and addresses.'],
  };
}

/** Failed sign-ins are stored under keys that are derived from the secret. With another one, nothing would be found. */
function secretsOfServer(settings: Settings): readonly [string, ...string[]] {
  const secrets = existingSecrets(settings);
  if (secrets) return secrets;
  throw new Failure(
    'NO_SECRET',
    `There is no secret: SESSION_SECRET is not set, and ${settings.dataFolder} has no file session-secret. Set SESSION_SECRET or GATEHOUSE_DATA_DIR as for the server, in .env or before this command.`,
  );
}

/** Opens the limits in the storage that the server uses for them. */
const withLimits = <T>(work: (local: LocalSessions & { readonly limits: SignInLimits }) => Promise<T>): Promise<T> =>
  withLocal(async (local) => {
    const { settings, database, engine } = local;
    const { createLimitsForEngine } = await import('@gatehouse/limits');
    const limits = createLimitsForEngine({
      engine,
      database,
      settings: settings.signIn.limits,
      secrets: secretsOfServer(settings),
      timeoutMs: settings.session.storageTimeoutMs,
    });
    return work({ ...local, limits });
  });
