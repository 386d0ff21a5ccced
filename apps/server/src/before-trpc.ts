import type { RequestHandler } from 'express';
import { refuseCall } from './refuse-call.ts';

/**
 * What the router never sees. tRPC 11 runs a mutation without input on `multipart/form-data`, which another site can
 * post without a preflight; answers TRACE with a 500; and streams an answer on request, whose headers have left
 * before a sign-in could set its cookie.
 */
export const beforeTrpc: RequestHandler = (req, res, next) => {
  res.setHeader('Cache-Control', 'no-store');
  if (req.method !== 'GET' && req.method !== 'POST') {
    res.setHeader('Allow', 'GET, POST');
    return refuseCall(res, 'METHOD_NOT_ALLOWED');
  }
  if (req.method === 'POST' && !isJson(req.headers['content-type'])) return refuseCall(res, 'JSON_REQUIRED');
  const calls = callsIn(req.path);
  if (!calls || calls.filter((name) => ONE_A_REQUEST.has(name)).length > 1) return refuseCall(res, 'INVALID_INPUT');
  delete req.headers['trpc-accept'];
  // `accept: application/jsonl` and `text/event-stream` would stream as well.
  req.headers.accept = 'application/json';
  next();
};

const isJson = (type: string | undefined): boolean => type?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';

/** They try a password. Each call of a batch is counted as the attempt it is, so a batch of them gains nothing; nobody sends one by mistake. */
const ONE_A_REQUEST: ReadonlySet<string> = new Set(['auth.login', 'auth.reauthenticate', 'account.changePassword']);

/** The procedures that are called. Undefined: tRPC decodes the path without a net, and a URIError would be a 500. */
function callsIn(path: string): string[] | undefined {
  try {
    return decodeURIComponent(path.slice(path.lastIndexOf('/') + 1)).split(',');
  } catch {
    return undefined;
  }
}
