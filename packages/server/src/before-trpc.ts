import { BACKGROUND_HEADER, BACKGROUND_HEADER_VALUE } from '@gatehouse/contract';
import { isBackground } from '@gatehouse/session/request';
import type { RequestHandler } from 'express';
import { refuseCall } from './refuse-call.ts';

/**
 * Refuses requests that the router must not see. tRPC 11 runs a mutation without input for a body of `multipart/form-data`, which another
 * site can post without a preflight. It answers TRACE with a 500. And it streams a batch on request, so that the headers are sent
 * before a sign-in could set its cookie. Whether a single call is streamed depends on its procedure only.
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
  // A stream, whose `accept` is replaced below.
  if (isBackground(req)) req.headers[BACKGROUND_HEADER.toLowerCase()] = BACKGROUND_HEADER_VALUE;
  delete req.headers['trpc-accept'];
  // `accept: application/jsonl` would stream as well.
  req.headers.accept = 'application/json';
  next();
};

const isJson = (type: string | undefined): boolean => type?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';

/** Procedures that check a password. A batch of them gains nothing, because each call counts as an attempt. */
const ONE_A_REQUEST: ReadonlySet<string> = new Set(['auth.login', 'auth.reauthenticate', 'account.changePassword']);

/** The procedures that are called. Undefined if the path cannot be decoded: tRPC would answer a URIError with a 500. */
function callsIn(path: string): string[] | undefined {
  try {
    return decodeURIComponent(path.slice(path.lastIndexOf('/') + 1)).split(',');
  } catch {
    return undefined;
  }
}
