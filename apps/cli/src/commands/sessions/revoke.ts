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

export const revoke = () =>
  command('revoke', {
    description: 'End one session, all of a user, or everyone’s. The next request in each of them is signed out.',
    examples: [
      ['gatehouse sessions revoke ses_…', 'one session'],
      ['gatehouse sessions revoke --user ada', 'all sessions of ada'],
      ['gatehouse sessions revoke --all --yes', 'everyone’s, without being asked'],
    ],
  })
    .argument('[handle]', 'public id of the session, ses_…')
    .option('--user <identifier>', 'all sessions of this user: user name or e-mail address')
    .option('--all', 'all sessions of everyone')
    .option('--yes', 'do not ask before ending everyone’s')
    .action(
      reporting(async (handle: string | undefined, options: RevokeOptions) => {
        const chosen = [handle !== undefined, options.user !== undefined, options.all === true].filter(Boolean).length;
        if (chosen !== 1) throw new Failure('USAGE', 'Name one of: a handle, --user or --all.', EXIT.USAGE);
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
    // Of one whose end was not acknowledged nothing may be found any more: that is no reason not to end it.
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
  requireTerminal('Say --yes to end everyone’s sessions.');
  const { sessions, users } = await engine.count();
  if (!(await askYes(`End all: ${counted(sessions, 'session')} of ${counted(users, 'user')}?`))) {
    throw new Failure('CANCELLED', 'Cancelled; nothing was changed.', EXIT.CANCELLED);
  }
}
