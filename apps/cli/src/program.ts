import type { Command } from 'commander';
import { group } from './command.ts';
import { login } from './commands/login.ts';
import { logout } from './commands/logout.ts';
import { whoami } from './commands/whoami.ts';
import { EXIT_CODES_HELP } from './exit-codes.ts';

/** Every command there is. */
export const program = (): Command =>
  group('gatehouse', 'Sign in from a terminal, and manage accounts and sessions.')
    .commandsGroup('At a server:')
    .addCommand(login())
    .addCommand(whoami())
    .addCommand(logout())
    .addHelpText('after', EXIT_CODES_HELP);
