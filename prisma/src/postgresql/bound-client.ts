import type { Client, ClientConfig } from 'pg';

/** The connection under a client, which its types leave out. */
interface Wire {
  on(event: string, listener: (message: { mechanisms?: readonly string[] }) => void): void;
  readonly stream: { destroy(error: Error): void };
}

/** What libpq's `channel_binding=require` refuses as well: whoever stands between could have passed these on. */
const UNBOUND = ['authenticationCleartextPassword', 'authenticationMD5Password', 'authenticationOk'];

/**
 * A client that signs in with SCRAM bound to its TLS connection, and in no other way: `channel_binding=require`. The library would go on
 * without it. https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-CHANNEL-BINDING
 */
export function boundClient(Base: typeof Client): typeof Client {
  return class BoundClient extends Base {
    constructor(config?: string | ClientConfig) {
      super(config);
      const wire = (this as unknown as { connection: Wire }).connection;
      let isBound = false;
      const refuse = (): void => {
        if (!isBound) wire.stream.destroy(new ChannelBindingError());
      };
      // Before the library's own, so that nothing is sent.
      wire.on('authenticationSASL', ({ mechanisms = [] }) => {
        isBound = mechanisms.includes('SCRAM-SHA-256-PLUS');
        refuse();
      });
      for (const event of UNBOUND) wire.on(event, refuse);
    }
  };
}

/** The server offers no SCRAM-SHA-256-PLUS. */
export class ChannelBindingError extends Error {
  override readonly name = 'ChannelBindingError';

  constructor() {
    super('The server offers no sign-in that is bound to the TLS connection.');
  }
}
