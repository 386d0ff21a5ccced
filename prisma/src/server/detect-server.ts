import { connect } from 'node:net';

const TIMEOUT_MS = 1000;

/** SSLRequest, to which a PostgreSQL server replies with S or N before authentication. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/**
 * Detects which product listens on a port; undefined if nothing does. This is for error messages: a driver that is connected to another
 * product runs into its timeout or reports an invalid packet. `timeoutMs` limits the wait for a response. Default: 1000.
 */
export async function detectServer(
  address: { host: string; port: number },
  { timeoutMs = TIMEOUT_MS }: { timeoutMs?: number } = {},
): Promise<string | undefined> {
  const [greeting, toSsl, toText] = await Promise.all(
    [undefined, SSL_REQUEST, Buffer.from('PING\r\n\r\n')].map((request) => replyTo(address, request, timeoutMs)),
  );
  if (greeting === undefined) return undefined;
  // MySQL and MariaDB greet with the packet length, followed by protocol version 10.
  if (greeting[4] === 10) return 'MySQL or MariaDB';
  if (/^[SN]$/.test(toSsl?.toString('latin1') ?? '')) return 'PostgreSQL';
  const text = toText?.toString('latin1') ?? '';
  if (/^(\+PONG|-NOAUTH|-ERR|-DENIED)/.test(text)) return 'Redis';
  if (text.startsWith('HTTP/')) return 'a web server';
  return 'something else';
}

/** Whether a PostgreSQL server supports TLS; undefined if the server is not PostgreSQL. */
export async function postgresqlSupportsTls(address: { host: string; port: number }): Promise<boolean | undefined> {
  const reply = (await replyTo(address, SSL_REQUEST, TIMEOUT_MS))?.toString('latin1');
  return reply === 'S' || reply === 'N' ? reply === 'S' : undefined;
}

/** The first data from the server, empty if none arrives in time; undefined if the connection fails. */
function replyTo(
  { host, port }: { host: string; port: number },
  request: Buffer | undefined,
  timeoutMs: number,
): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    let connected = false;
    const socket = connect(port, host);
    const end = (reply: Buffer | undefined): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(reply);
    };
    const none = (): void => end(connected ? Buffer.alloc(0) : undefined);
    const timer = setTimeout(none, timeoutMs);
    socket.on('connect', () => {
      connected = true;
      if (request) socket.write(request);
    });
    socket.on('data', end);
    socket.on('error', none);
    socket.on('close', none);
  });
}
