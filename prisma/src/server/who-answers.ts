import { connect } from 'node:net';

const TIMEOUT_MS = 1000;

/** SSLRequest, the one message that a PostgreSQL server answers before it knows who asks: with S or N. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/**
 * What listens on a port, as far as it shows; undefined if nothing does. For the message of a start that failed:
 * a driver that meets another product waits for its time-out, or complains of a packet.
 * `timeoutMs`: for its first word. Default: 1000.
 */
export async function whoAnswers(
  address: { host: string; port: number },
  { timeoutMs = TIMEOUT_MS }: { timeoutMs?: number } = {},
): Promise<string | undefined> {
  const [first, toSsl, toText] = await Promise.all(
    [undefined, SSL_REQUEST, Buffer.from('PING\r\n\r\n')].map((question) => answerTo(address, question, timeoutMs)),
  );
  if (first === undefined) return undefined;
  // Protocol 10 after the length of the packet, as MySQL and MariaDB greet.
  if (first[4] === 10) return 'MySQL or MariaDB';
  if (/^[SN]$/.test(toSsl?.toString('latin1') ?? '')) return 'PostgreSQL';
  const text = toText?.toString('latin1') ?? '';
  if (/^(\+PONG|-NOAUTH|-ERR|-DENIED)/.test(text)) return 'Redis';
  if (text.startsWith('HTTP/')) return 'a web server';
  return 'something else';
}

/** Whether the PostgreSQL server there takes TLS; undefined if what is there is no such server. */
export async function postgresqlTakesTls(address: { host: string; port: number }): Promise<boolean | undefined> {
  const answer = (await answerTo(address, SSL_REQUEST, TIMEOUT_MS))?.toString('latin1');
  return answer === 'S' || answer === 'N' ? answer === 'S' : undefined;
}

/** What comes first, empty if nothing does in time; undefined if there is no connection. */
function answerTo(
  { host, port }: { host: string; port: number },
  question: Buffer | undefined,
  timeoutMs: number,
): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    let connected = false;
    const socket = connect(port, host);
    const end = (answer: Buffer | undefined): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const none = (): void => end(connected ? Buffer.alloc(0) : undefined);
    const timer = setTimeout(none, timeoutMs);
    socket.on('connect', () => {
      connected = true;
      if (question) socket.write(question);
    });
    socket.on('data', end);
    socket.on('error', none);
    socket.on('close', none);
  });
}
