import { lookup } from 'node:dns/promises';
import { detectServer } from './detect-server.ts';

export interface ServerTarget {
  readonly host: string;
  readonly port: number;
  /** The path of the socket file or its folder; undefined for TCP. */
  readonly socket: string | undefined;
}

/** Why a connection failed if the server gave no reason itself. */
export async function unreachableProblem(error: unknown, product: string, { host, port, socket }: ServerTarget): Promise<string> {
  if (socket !== undefined) return `no ${product} server answers at ${socket} (${messageOf(error)}). Start it, or correct DATABASE_URL.`;
  const other = await detectServer({ host, port });
  if (other === undefined) {
    if (!(await isKnown(host))) return `there is no host ${host}. Correct the name in DATABASE_URL, or fix DNS.`;
    return `nothing listens on ${host} port ${port}. Start ${product} there, or correct host and port in DATABASE_URL.`;
  }
  if (!product.includes(other) && !other.includes(product)) {
    return `the server on ${host} port ${port} is not ${product} but ${other}. Correct host and port in DATABASE_URL.`;
  }
  return `${product} on ${host} port ${port} accepted the connection but did not complete it in time. Check its log and load, then try again.`;
}

async function isKnown(host: string): Promise<boolean> {
  try {
    await lookup(host);
    return true;
  } catch {
    return false;
  }
}

const messageOf = (error: unknown): string => {
  const { cause, message } = error as { cause?: { originalMessage?: string }; message?: string };
  return cause?.originalMessage ?? message ?? 'no answer';
};
