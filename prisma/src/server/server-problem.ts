import { whoAnswers } from './who-answers.ts';

export interface Place {
  readonly host: string;
  readonly port: number;
  /** Of the socket file, where it is one. */
  readonly socket: string | undefined;
}

/** Why no connection to a server came about, when the server itself gave no reason. */
export async function unreachableProblem(error: unknown, product: string, { host, port, socket }: Place): Promise<string> {
  const code = codeOf(error);
  if (socket !== undefined) return `no ${product} server answers at ${socket} (${code ?? 'no answer'}). Start it, or correct DATABASE_URL.`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `there is no host ${host}. Correct the name in DATABASE_URL, or mend the name service.`;
  }
  const other = await whoAnswers({ host, port });
  if (other === undefined)
    return `nothing listens on ${host} port ${port}. Start ${product} there, or correct host and port in DATABASE_URL.`;
  if (!product.includes(other) && !other.includes(product)) {
    return `what answers on ${host} port ${port} is not ${product} but ${other}. Correct host and port in DATABASE_URL.`;
  }
  return `${product} on ${host} port ${port} took the connection but did not finish it in time. Look at its log and its load, then try again.`;
}

/** Of the error or of what caused it: `ECONNREFUSED` and the like. */
function codeOf(error: unknown): string | undefined {
  for (let cause = error, depth = 0; typeof cause === 'object' && cause !== null && depth < 5; depth += 1) {
    const {
      code,
      originalCode,
      errors,
      cause: next,
    } = cause as { code?: unknown; originalCode?: unknown; errors?: unknown[]; cause?: unknown };
    if (typeof code === 'string' && /^E[A-Z_]+$/.test(code) && !code.startsWith('ER_')) return code;
    if (typeof originalCode === 'string' && /^E[A-Z_]+$/.test(originalCode)) return originalCode;
    cause = next ?? errors?.[0];
  }
  return undefined;
}
