import { meSchema } from '@gatehouse/contract';
import { isLoopback } from '@gatehouse/settings';
import { command, reporting } from '../command.ts';
import { describeMe } from '../describe-me.ts';
import { addressOf, connectToServer, urlOption, type ServerOptions } from '../server-connection.ts';
import { askSecret, askText, requireTerminal } from '../terminal/ask.ts';
import { passwordFromStdin } from '../terminal/password-stdin.ts';

interface LoginOptions extends ServerOptions {
  readonly passwordStdin?: boolean;
}

export const login = () =>
  command('login', {
    description: 'Sign in to a server. Asks for the password, or reads it from stdin; it is never an argument.',
    examples: [
      ['gatehouse login ada', 'asks for the password of ada'],
      ['gatehouse login ada@example.org --url https://app.example', 'to another server'],
      ['pass gatehouse | gatehouse login ada --password-stdin --json', 'in a script'],
    ],
  })
    .argument('[identifier]', 'user name or e-mail address; asked for if omitted')
    .addOption(urlOption())
    .option('--password-stdin', 'read the password from stdin')
    .action(
      reporting(async (identifier: string | undefined, options: LoginOptions) => {
        const { url, client } = connectToServer(options);
        warnOfPlainHttp(url);
        const name = identifier ?? (await askIdentifier());
        const password = options.passwordStdin ? await passwordFromStdin() : await askPassword();
        const me = meSchema.parse(await client.auth.login.mutate({ identifier: name, password }));
        return describeMe(url, me);
      }),
    );

function askIdentifier(): Promise<string> {
  requireTerminal('Pass the user name: gatehouse login ada --password-stdin');
  return askText('User name or e-mail address', (value) => (value.trim() === '' ? 'Enter your user name or e-mail address.' : undefined));
}

function askPassword(): Promise<string> {
  requireTerminal('Pipe the password in with --password-stdin.');
  return askSecret('Password', (value) => (value === '' ? 'Enter your password.' : undefined));
}

/** A password sent over http to another machine can be intercepted. */
function warnOfPlainHttp(url: URL): void {
  if (url.protocol === 'https:' || isLoopback(url)) return;
  process.stderr.write(`Warning: ${addressOf(url)} is not https, so others can read the password on its way.\n`);
}
