import type { Command } from 'commander';
import { group } from './command.ts';
import { audit } from './commands/audit.ts';
import { changepassword } from './commands/changepassword.ts';
import { clearsessions } from './commands/clearsessions.ts';
import { createuser } from './commands/createuser.ts';
import { doctor } from './commands/doctor.ts';
import { importGroup } from './commands/import.ts';
import { login } from './commands/login.ts';
import { logout } from './commands/logout.ts';
import { migrate } from './commands/migrate.ts';
import { sessions } from './commands/sessions.ts';
import { users } from './commands/users.ts';
import { whoami } from './commands/whoami.ts';
import { EXIT_CODES_HELP } from './exit-codes.ts';

/** Every command there is. */
export const program = (): Command => pointToHelp(commands());

const commands = (): Command =>
  group('gatehouse', 'Sign in from a terminal, and manage accounts and sessions.')
    .commandsGroup('At a server:')
    .addCommand(login())
    .addCommand(whoami())
    .addCommand(logout())
    .commandsGroup('In the database of these settings:')
    .addCommand(migrate())
    .addCommand(createuser())
    .addCommand(changepassword())
    .addCommand(importGroup())
    .addCommand(users())
    .addCommand(sessions())
    .addCommand(clearsessions())
    .addCommand(doctor())
    .addCommand(audit())
    .commandsGroup('Help:')
    .addHelpText('after', EXIT_CODES_HELP);

/** What is mistyped is answered with the help to read, that of the command it was meant for. */
function pointToHelp(command: Command, path: readonly string[] = []): Command {
  const here = [...path, command.name()];
  for (const child of command.commands) pointToHelp(child, here);
  return command.showHelpAfterError(`See: ${here.join(' ')} --help`);
}
