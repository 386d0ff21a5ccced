/** The server could not be reached, or is not a Gatehouse server. The message contains the address. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

/** Turns a `fetch` error into a readable message. */
export function connectionError(error: unknown, { origin, timeoutMs }: { origin: string; timeoutMs: number }): ConnectionError {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new ConnectionError(`${origin} did not respond within ${timeoutMs / 1000} seconds.`, { cause: error });
  }
  const code = causeCode(error);
  if (code === 'ECONNREFUSED') return new ConnectionError(`Connection refused by ${origin}. Is the server running?`, { cause: error });
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return new ConnectionError(`Host not found: ${origin}.`, { cause: error });
  return new ConnectionError(`${origin} cannot be reached${code ? ` (${code})` : ''}.`, { cause: error });
}

/** `fetch` puts the system error into `cause`, or into `cause.errors` if it tried several addresses. */
function causeCode(error: unknown): string | undefined {
  const cause = error instanceof Error ? (error.cause as { code?: unknown; errors?: { code?: unknown }[] } | undefined) : undefined;
  const code = cause?.code ?? cause?.errors?.[0]?.code;
  return typeof code === 'string' ? code : undefined;
}
