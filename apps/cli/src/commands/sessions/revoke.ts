import type { Administration } from '../../administration/administration.ts';
import { requireUserOf, serverOption, withAdministration } from '../../administration/with-administration.ts';
import { command, reporting } from '../../command.ts';
import { EXIT } from '../../exit-codes.ts';
import { Failure } from '../../failure.ts';
import { noSession } from '../../require-session.ts';
import type { ServerOptions } from '../../server-connection.ts';
import { confirm, yesOption } from '../../terminal/confirm.ts';
import { counted } from '../../terminal/counted.ts';
import { withProgress } from '../../terminal/progress.ts';

interface RevokeOptions extends ServerOptions {
  readonly user?: string;
  readonly all?: boolean;
  readonly yes?: boolean;
}

export const sessionsRevoke = () =>
  command('revoke', {
    description: 'Revoke one session, all sessions of a user, or all sessions. Their next requests are signed out.',
    examples: [
      ['gatehouse sessions revoke ses_…', 'one session'],
      ['gatehouse sessions revoke --user ada', 'all sessions of ada'],
      ['gatehouse sessions revoke --all --yes', 'all sessions of all users, without confirmation'],
    ],
  })
    .argument('[handle]', 'public id of the session, ses_…')
    .option('--user <identifier>', 'all sessions of this user: user name or e-mail address')
    .option('--all', 'all sessions of all users')
    .addOption(yesOption('with --all: do not ask for confirmation'))
    .addOption(serverOption())
    .action(
      reporting(async (handle: string | undefined, options: RevokeOptions) => {
        const chosen = [handle !== undefined, options.user !== undefined, options.all === true].filter(Boolean).length;
        if (chosen !== 1) throw new Failure('USAGE', 'Pass one of: a handle, --user or --all.', EXIT.USAGE);
        const revoked = await withAdministration({ ...options, sessions: true }, (admin) => revokeChosen(admin, handle, options));
        return { json: { revoked }, lines: [`Ended ${counted(revoked, 'session')}.`] };
      }),
    );

async function revokeChosen(admin: Administration, handle: string | undefined, { user, yes }: RevokeOptions): Promise<number> {
  if (handle !== undefined) {
    if (!(await admin.revokeSession(handle))) throw noSession(handle);
    return 1;
  }
  if (user !== undefined) {
    const { id } = await requireUserOf(admin, user);
    return withProgress('Ending sessions', () => admin.revokeOfUser(id));
  }
  if (!yes) await confirm(await questionOf(admin), { advice: 'Pass --yes to end all sessions.' });
  return withProgress('Ending sessions', () => admin.revokeAll());
}

async function questionOf(admin: Administration): Promise<string> {
  const { total } = await admin.listSessions({ limit: 1 });
  return total === null ? 'End all sessions of all users?' : `End all sessions (${counted(total, 'session')})?`;
}
