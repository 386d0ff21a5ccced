import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const ID = Symbol('request id');

/** Identifies a request in the log and in 5xx responses. Never taken from the client, who could write into the log with it. */
export const requestIdOf = (req: IncomingMessage): string => ((req as { [ID]?: string })[ID] ??= randomUUID());
