import { isIP } from 'node:net';
import type { Accounts } from '@gatehouse/accounts';
import type { SignInLimits } from '@gatehouse/limits';
import { writeAudit } from '../../write-audit.ts';
import { command, reporting } from '../../command.ts';
import { EXIT } from '../../exit-codes.ts';
import { Failure } from '../../failure.ts';
import type { Report } from '../../report.ts';
import { requireUser } from '../../require-user.ts';
import { withLimits } from '../../with-limits.ts';

interface UnlockOptions {
  readonly address?: string;
  readonly all?: boolean;
}

export const unlock = () =>
  command('unlock', {
    description: 'Reset the failed sign-ins of an account or an address, which can then sign in at once.',
    examples: [
      ['gatehouse users unlock ada', 'an account, with its devices'],
      ['gatehouse users unlock --address 192.0.2.7', 'an address; of IPv6 its /64'],
      ['gatehouse users unlock --all', 'every account and address'],
    ],
  })
    .argument('[identifier]', 'user name or e-mail address')
    .option('--address <ip>', 'an address')
    .option('--all', 'every account and address')
    .action(
      reporting((identifier: string | undefined, { address, all }: UnlockOptions) => {
        const chosen = [identifier !== undefined, address !== undefined, all === true].filter(Boolean).length;
        if (chosen !== 1) throw new Failure('USAGE', 'Name one of: an account, --address or --all.', EXIT.USAGE);
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
  return { json: { unlocked: username }, lines: [`${username} may sign in at once.`] };
}

async function unlockAddress(accounts: Accounts, limits: SignInLimits, address: string): Promise<Report> {
  if (isIP(address) === 0) throw new Failure('USAGE', `${JSON.stringify(address)} is not an address.`, EXIT.USAGE);
  await limits.unlockAddress(address);
  await writeAudit(accounts, { kind: 'unlocked', userId: null });
  return { json: { unlocked: address }, lines: [`From ${address} people may sign in at once.`] };
}

async function unlockAll(accounts: Accounts, limits: SignInLimits): Promise<Report> {
  const count = await limits.unlockAll();
  await writeAudit(accounts, { kind: 'unlocked', userId: null });
  return {
    json: { unlocked: count },
    lines: [
      count === 0
        ? 'No failed sign-ins were counted, so nothing was slowed down.'
        : 'Forgot all failed sign-ins that were counted. Everyone may sign in at once, from every address.',
    ],
  };
}
