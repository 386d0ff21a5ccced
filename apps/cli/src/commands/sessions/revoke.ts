import type { Engine } from '@gatehouse/session';
import { command, reporting } from '../../command.ts';
import { EXIT } from '../../exit-codes.ts';
import { Failure } from '../../failure.ts';
import { withSessions, type LocalSessions } from '../../local.ts';
import { noSession } from '../../require-session.ts';
import { requireUser } from '../../require-user.ts';
import { askYes, requireTerminal } from '../../terminal/ask.ts';
import { counted } from '../../terminal/counted.ts';
import { writeAudit } from '../../write-audit.ts';

interface RevokeOptions {
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
    .option('--yes', 'with --all: do not ask for confirmation')
    .action(
      reporting(async (handle: string | undefined, options: RevokeOptions) => {
        const chosen = [handle !== undefined, options.user !== undefined, options.all === true].filter(Boolean).length;
        if (chosen !== 1) throw new Failure('USAGE', 'Pass one of: a handle, --user or --all.', EXIT.USAGE);
        const revoked = await withSessions((local) => revokeChosen(local, handle, options));
        return { json: { revoked }, lines: [`Ended ${counted(revoked, 'session')}.`] };
      }),
    );

async function revokeChosen(
  { engine, accounts }: LocalSessions,
  handle: string | undefined,
  { user, yes }: RevokeOptions,
): Promise<number> {
  if (handle !== undefined) {
    // If an earlier revocation was not acknowledged, `find` may find nothing although `destroy` still has work to do.
    const found = handle === '' ? undefined : await engine.find(handle);
    if (handle === '' || !(await engine.destroy(handle))) throw noSession(handle);
    await writeAudit(accounts, { kind: 'session_revoked', userId: found?.record.userId ?? null, handle });
    return 1;
  }
  if (user !== undefined) {
    const { id } = await requireUser(accounts, user);
    const revoked = await engine.destroyByUser(id);
    if (revoked > 0) await writeAudit(accounts, { kind: 'sessions_revoked', detail: { ended: revoked }, userId: id });
    return revoked;
  }
  if (!yes) await confirmAll(engine);
  const ended = await engine.destroyAll();
  await writeAudit(accounts, { kind: 'sessions_revoked', detail: { ended, everyone: true }, userId: null });
  return ended;
}

async function confirmAll(engine: Engine): Promise<void> {
  requireTerminal('Pass --yes to end all sessions.');
  const { sessions, users } = await engine.count();
  if (!(await askYes(`End all sessions (${counted(sessions, 'session')} of ${counted(users, 'user')})?`))) {
    throw new Failure('CANCELLED', 'Cancelled; nothing was changed.', EXIT.CANCELLED);
  }
}
