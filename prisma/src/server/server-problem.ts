import { lookup } from 'node:dns/promises';
import { whoAnswers } from './who-answers.ts';

export interface Place {
  readonly host: string;
  readonly port: number;
  /** Of the socket file, where it is one. */
  readonly socket: string | undefined;
}

/** Why no connection to a server came about, when the server itself gave no reason. */
export async function unreachableProblem(error: unknown, product: string, { host, port, socket }: Place): Promise<string> {
  if (socket !== undefined) return `no ${product} server answers at ${socket} (${messageOf(error)}). Start it, or correct DATABASE_URL.`;
  const other = await whoAnswers({ host, port });
  if (other === undefined) {
    if (!(await isKnown(host))) return `there is no host ${host}. Correct the name in DATABASE_URL, or mend the name service.`;
    return `nothing listens on ${host} port ${port}. Start ${product} there, or correct host and port in DATABASE_URL.`;
  }
  if (!product.includes(other) && !other.includes(product)) {
    return `what answers on ${host} port ${port} is not ${product} but ${other}. Correct host and port in DATABASE_URL.`;
  }
  return `${product} on ${host} port ${port} took the connection but did not finish it in time. Look at its log and its load, then try again.`;
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
