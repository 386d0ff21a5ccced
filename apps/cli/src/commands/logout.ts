import { command, reporting } from '../command.ts';
import { connectToServer, urlOption, type ServerOptions } from '../server-connection.ts';

export const logout = () =>
  command('logout', {
    description: 'End the session at a server. Signed out already is a success.',
    examples: [['gatehouse logout', 'at the server of these settings']],
  })
    .addOption(urlOption())
    .action(
      reporting(async (options: ServerOptions) => {
        const { url, client, hasCookie, forget } = connectToServer(options);
        // Forgotten only once the server has ended the session: until then the cookie is the means to end it.
        if (hasCookie) await client.auth.logout.mutate();
        forget();
        return {
          json: { url: url.origin, signedOut: true },
          lines: [hasCookie ? `Signed out at ${url.origin}.` : `You were not signed in at ${url.origin}.`],
        };
      }),
    );
