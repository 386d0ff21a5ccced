import type { IncomingMessage } from 'node:http';

const FAILURE = Symbol('failure');

/** Keeps the error that a request is refused for, so that a request log can say what a 503 does not tell the client. */
export function noteFailure(req: IncomingMessage, error: unknown): void {
  if (error !== undefined) Object.assign(req, { [FAILURE]: error });
}

/** What `noteFailure` has kept. */
export const failureOf = (req: IncomingMessage): unknown => (req as { [FAILURE]?: unknown })[FAILURE];
