/** The server was not reached, or what answered is not a Gatehouse server. The message says which, with the address. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

/** Why `fetch` failed, in words. */
export function connectionError(error: unknown, { origin, timeoutMs }: { origin: string; timeoutMs: number }): ConnectionError {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new ConnectionError(`${origin} did not answer within ${timeoutMs / 1000} seconds.`, { cause: error });
  }
  const code = causeCode(error);
  if (code === 'ECONNREFUSED') return new ConnectionError(`Nothing answers at ${origin}. Is the server running?`, { cause: error });
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new ConnectionError(`There is no host of the name in ${origin}.`, { cause: error });
  return new ConnectionError(`${origin} cannot be reached${code ? ` (${code})` : ''}.`, { cause: error });
}

/** `fetch` hides the system's code in `cause`, and where it tried several addresses, in the errors of that. */
function causeCode(error: unknown): string | undefined {
  const cause = error instanceof Error ? (error.cause as { code?: unknown; errors?: { code?: unknown }[] } | undefined) : undefined;
  const code = cause?.code ?? cause?.errors?.[0]?.code;
  return typeof code === 'string' ? code : undefined;
}
