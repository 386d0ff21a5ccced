import type { Client, ClientConfig } from 'pg';

/** The connection under a client, and where its sign-in stands, which the types leave out. */
interface Internals {
  readonly connection: {
    on(event: string, listener: (message: { mechanisms?: readonly string[] }) => void): void;
    readonly stream: { destroy(error: Error): void };
  };
  /** Of SCRAM. null once the server has proved that it knows the password. */
  readonly saslSession?: { readonly mechanism: string; readonly message: string } | null;
}

const BOUND = 'SCRAM-SHA-256-PLUS';

/** What asks for the password itself, or for a hash that anyone can pass on. */
const UNBOUND = ['authenticationCleartextPassword', 'authenticationMD5Password'];

/** What says that the sign-in is over. */
const SIGNED_IN = ['authenticationOk', 'readyForQuery'];

/**
 * A client that signs in with SCRAM bound to its TLS connection, and in no other way: `channel_binding=require`. The library would go on
 * without it. A server that offers it is not believed until it has proved, bound, that it knows the password: whoever stands between could
 * offer it and then ask for the password, or for nothing, as libpq refuses as well.
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-CHANNEL-BINDING
 */
export function boundClient(Base: typeof Client): typeof Client {
  return class BoundClient extends Base {
    constructor(config?: string | ClientConfig) {
      super(config);
      const internals = this as unknown as Internals;
      const { connection } = internals;
      const refuse = (): void => connection.stream.destroy(new ChannelBindingError());
      let isAnswered = false;
      // All of these before the library's own, so that nothing is sent.
      connection.on('authenticationSASL', ({ mechanisms = [] }) => void (mechanisms.includes(BOUND) || refuse()));
      for (const event of UNBOUND) connection.on(event, refuse);
      connection.on('authenticationSASLFinal', () => {
        const { mechanism, message } = internals.saslSession ?? {};
        isAnswered = mechanism === BOUND && message === 'SASLResponse';
      });
      for (const event of SIGNED_IN) connection.on(event, () => void ((isAnswered && internals.saslSession === null) || refuse()));
    }
  };
}

/** The server does not sign in by SCRAM-SHA-256-PLUS. */
export class ChannelBindingError extends Error {
  override readonly name = 'ChannelBindingError';

  constructor() {
    super('The server offers no sign-in that is bound to the TLS connection.');
  }
}
