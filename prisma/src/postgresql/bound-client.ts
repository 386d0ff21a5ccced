import type { Client, ClientConfig } from 'pg';

/** Properties of the client that its types leave out: the connection and the state of the authentication. */
interface Internals {
  readonly connection: {
    on(event: string, listener: (message: { mechanisms?: readonly string[] }) => void): void;
    readonly stream: { destroy(error: Error): void };
  };
  /** The state of SCRAM; null once the server has proved that it knows the password. */
  readonly saslSession?: { readonly mechanism: string; readonly message: string } | null;
}

const BOUND = 'SCRAM-SHA-256-PLUS';

/** Methods that request the password itself, or a hash that a man in the middle can relay. */
const UNBOUND = ['authenticationCleartextPassword', 'authenticationMD5Password'];

/** Messages that end the authentication. */
const AUTHENTICATED = ['authenticationOk', 'readyForQuery'];

/**
 * Implements `channel_binding=require`: a client that authenticates only with SCRAM bound to its TLS connection. The library would continue
 * without channel binding. It is not enough that the server offers it: a man in the middle could offer it and then request the password, or
 * nothing. So the server must first prove, with channel binding, that it knows the password, as in libpq.
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-CHANNEL-BINDING
 */
export function boundClient(Base: typeof Client): typeof Client {
  return class BoundClient extends Base {
    constructor(config?: string | ClientConfig) {
      super(config);
      const internals = this as unknown as Internals;
      const { connection } = internals;
      const refuse = (): void => connection.stream.destroy(new ChannelBindingError());
      let isBound = false;
      // Registered before the library's own listeners, so that nothing is sent.
      connection.on('authenticationSASL', ({ mechanisms = [] }) => void (mechanisms.includes(BOUND) || refuse()));
      for (const event of UNBOUND) connection.on(event, refuse);
      connection.on('authenticationSASLFinal', () => {
        const { mechanism, message } = internals.saslSession ?? {};
        isBound = mechanism === BOUND && message === 'SASLResponse';
      });
      for (const event of AUTHENTICATED) connection.on(event, () => void ((isBound && internals.saslSession === null) || refuse()));
    }
  };
}

/** The server does not authenticate with SCRAM-SHA-256-PLUS. */
export class ChannelBindingError extends Error {
  override readonly name = 'ChannelBindingError';

  constructor() {
    super('The server does not support authentication that is bound to the TLS connection.');
  }
}
