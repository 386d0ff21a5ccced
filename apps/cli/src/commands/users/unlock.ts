import { isIP } from 'node:net';
import { requireUserOf, serverOption, withAdministration } from '../../administration/with-administration.ts';
import { command, reporting } from '../../command.ts';
import { EXIT } from '../../exit-codes.ts';
import { Failure } from '../../failure.ts';
import { localLimits } from '../../local-limits.ts';
import { withLocal, type LocalSessions } from '../../local.ts';
import type { Report } from '../../report.ts';
import type { ServerOptions } from '../../server-connection.ts';
import { writeAudit } from '../../write-audit.ts';

interface UnlockOptions extends ServerOptions {
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
    .addOption(serverOption())
    .action(
      reporting((identifier: string | undefined, { address, all, ...options }: UnlockOptions) => {
        const chosen = [identifier !== undefined, address !== undefined, all === true].filter(Boolean).length;
        if (chosen !== 1) throw new Failure('USAGE', 'Pass one of: an account, --address or --all.', EXIT.USAGE);
        if (identifier !== undefined) return unlockAccount(identifier, options);
        if (options.url !== undefined) throw new Failure('USAGE', 'On a server, only an account can be unlocked.', EXIT.USAGE);
        return withLocal((local) => (address === undefined ? unlockAll(local) : unlockAddress(local, address)));
      }),
    );

const unlockAccount = (identifier: string, options: ServerOptions): Promise<Report> =>
  withAdministration(options, async (admin) => {
    const user = await requireUserOf(admin, identifier);
    await admin.unlockUser(user);
    return { json: { unlocked: user.username }, lines: [`Unlocked ${user.username}.`] };
  });

async function unlockAddress(local: LocalSessions, address: string): Promise<Report> {
  if (isIP(address) === 0) throw new Failure('USAGE', `${JSON.stringify(address)} is not an IP address.`, EXIT.USAGE);
  const limits = await localLimits(local, { required: true });
  await limits.unlockAddress(address);
  await writeAudit(local.accounts, { kind: 'unlocked', userId: null });
  return { json: { unlocked: address }, lines: [`Unlocked the address ${address}.`] };
}

async function unlockAll(local: LocalSessions): Promise<Report> {
  const limits = await localLimits(local, { required: true });
  const count = await limits.unlockAll();
  await writeAudit(local.accounts, { kind: 'unlocked', userId: null });
  return {
    json: { unlocked: count },
    lines: [count === 0 ? 'Nothing to unlock: no failed sign-ins are counted.' : 'Unlocked all accounts and addresses.'],
  };
}
