import type { Command } from 'commander';
import { group } from './command.ts';
import { auditList } from './commands/audit/list.ts';
import { auditPurge } from './commands/audit/purge.ts';
import { changepassword } from './commands/changepassword.ts';
import { clearsessions } from './commands/clearsessions.ts';
import { completion } from './commands/completion.ts';
import { config } from './commands/config.ts';
import { createsuperuser } from './commands/createsuperuser.ts';
import { createuser } from './commands/createuser.ts';
import { doctor } from './commands/doctor.ts';
import { events } from './commands/events.ts';
import { importDjango } from './commands/import/django.ts';
import { importUsers } from './commands/import/users.ts';
import { login } from './commands/login.ts';
import { logout } from './commands/logout.ts';
import { migrate } from './commands/migrate.ts';
import { secretGenerate } from './commands/secret/generate.ts';
import { secretRotate } from './commands/secret/rotate.ts';
import { serve } from './commands/serve.ts';
import { sessionsCopy } from './commands/sessions/copy.ts';
import { sessionsCount } from './commands/sessions/count.ts';
import { sessionsList } from './commands/sessions/list.ts';
import { sessionsRevoke } from './commands/sessions/revoke.ts';
import { sessionsShow } from './commands/sessions/show.ts';
import { sessionsTop } from './commands/sessions/top.ts';
import { shell } from './commands/shell/shell.ts';
import { usersDelete } from './commands/users/delete.ts';
import { usersEdit } from './commands/users/edit.ts';
import { usersList } from './commands/users/list.ts';
import { usersRole } from './commands/users/role.ts';
import { usersSearch } from './commands/users/search.ts';
import { usersShow } from './commands/users/show.ts';
import { usersReactivate, usersSuspend } from './commands/users/status.ts';
import { usersUnlock } from './commands/users/unlock.ts';
import { whoami } from './commands/whoami.ts';
import { EXIT_CODES_HELP } from './exit-codes.ts';
import { version } from './version.ts';

/** `silent`: usage errors are only thrown, because `run.ts` prints them as JSON. */
export const program = ({ silent = false } = {}): Command => pointToHelp(commands(), { silent });

const commands = (): Command =>
  group('gatehouse', 'Sign in from a terminal, and manage accounts and sessions.')
    .version(version(), '-V, --version', 'print the version')
    .commandsGroup('Commands for a running server:')
    .addCommand(login())
    .addCommand(whoami())
    .addCommand(logout())
    .commandsGroup('Commands for the configured database, with or without a running server:')
    .addCommand(migrate())
    .addCommand(createuser())
    .addCommand(createsuperuser())
    .addCommand(changepassword())
    .addCommand(group('import', 'Import users and sessions from another framework.').addCommand(importUsers()).addCommand(importDjango()))
    .addCommand(
      group('users', 'Manage accounts.')
        .addCommand(usersList())
        .addCommand(usersSearch())
        .addCommand(usersShow())
        .addCommand(usersEdit())
        .addCommand(usersRole())
        .addCommand(usersSuspend())
        .addCommand(usersReactivate())
        .addCommand(usersUnlock())
        .addCommand(usersDelete()),
    )
    .addCommand(
      group('sessions', 'Count, list, show and revoke sessions.')
        .addCommand(sessionsCount())
        .addCommand(sessionsList())
        .addCommand(sessionsShow())
        .addCommand(sessionsTop())
        .addCommand(sessionsRevoke())
        .addCommand(sessionsCopy()),
    )
    .addCommand(clearsessions())
    .addCommand(events())
    .addCommand(group('audit', 'Read and purge the audit trail.').addCommand(auditList()).addCommand(auditPurge()))
    .commandsGroup('Commands for this installation:')
    .addCommand(config())
    .addCommand(doctor())
    .addCommand(group('secret', 'Generate and rotate secrets.').addCommand(secretGenerate()).addCommand(secretRotate()))
    .addCommand(serve())
    .addCommand(shell())
    .addCommand(completion())
    .addHelpText('after', EXIT_CODES_HELP);

/** Makes each usage error name the help of the command it belongs to. */
function pointToHelp(command: Command, { silent, path = [] }: { silent: boolean; path?: readonly string[] }): Command {
  const commandPath = [...path, command.name()];
  for (const child of command.commands) pointToHelp(child, { silent, path: commandPath });
  if (silent) command.configureOutput({ writeErr: () => undefined });
  return command.showHelpAfterError(`See: ${commandPath.join(' ')} --help`);
}
