import { command, reporting } from '../command.ts';
import { addressOf, connectToServer, urlOption, type ServerOptions } from '../server-connection.ts';

export const logout = () =>
  command('logout', {
    description: 'Sign out of a server. Succeeds if you are signed out already.',
    examples: [['gatehouse logout', 'of the configured server']],
  })
    .addOption(urlOption())
    .action(
      reporting(async (options: ServerOptions) => {
        const { url, client, hasCookie, clearCookies } = connectToServer(options);
        // The cookie is needed to end the session, so it is removed only after the server has ended it.
        if (hasCookie) await client.auth.logout.mutate();
        clearCookies();
        return {
          json: { url: addressOf(url), signedOut: true },
          lines: [hasCookie ? `Signed out of ${addressOf(url)}.` : `You were not signed in to ${addressOf(url)}.`],
        };
      }),
    );
