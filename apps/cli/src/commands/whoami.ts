import { REASONS, meSchema } from '@gatehouse/contract';
import { signedOutReason } from '@gatehouse/client';
import { command, reporting } from '../command.ts';
import { describeMe } from '../describe-me.ts';
import { EXIT } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { addressOf, connectToServer, urlOption, type ServerOptions } from '../server-connection.ts';

export const whoami = () =>
  command('whoami', {
    description: 'Show who is signed in to a server, and when the session expires. The exit code is 3 if nobody is signed in.',
    examples: [
      ['gatehouse whoami', 'at the configured server'],
      ['gatehouse whoami --json', 'user and session as JSON'],
    ],
  })
    .addOption(urlOption())
    .action(
      reporting(async (options: ServerOptions) => {
        const { url, client } = connectToServer(options);
        const me = await client.auth.me.query().catch((error: unknown) => {
          const reason = signedOutReason(error);
          throw reason
            ? new Failure(reason, `${notSignedIn(reason)} (${addressOf(url)}) Sign in: gatehouse login`, EXIT.NOT_SIGNED_IN)
            : error;
        });
        return describeMe(url, meSchema.parse(me));
      }),
    );

const notSignedIn = (reason: keyof typeof REASONS): string =>
  reason === 'SIGN_IN_REQUIRED' ? 'You are not signed in.' : REASONS[reason].message;
