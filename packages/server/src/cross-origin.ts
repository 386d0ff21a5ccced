import { AJAX_HEADER, BACKGROUND_HEADER, TOKEN_HEADER, TRANSPORT_HEADER, USER_HEADER } from '@gatehouse/contract';
import cors from 'cors';
import type { RequestHandler } from 'express';

const ONE_HOUR_S = 3600;

/**
 * Lets only the listed origins read responses and send the cookie. If none is listed, no CORS headers are sent: the preflight that the
 * ajax header needs then fails for every other origin.
 */
export function crossOrigin(trustedOrigins: readonly string[], { bearer }: { readonly bearer: boolean }): RequestHandler {
  if (trustedOrigins.length === 0) return (_req, _res, next) => next();
  return cors({
    origin: [...trustedOrigins],
    credentials: true,
    methods: ['GET', 'POST'],
    allowedHeaders: ['Content-Type', AJAX_HEADER, BACKGROUND_HEADER, USER_HEADER, ...(bearer ? ['Authorization', TRANSPORT_HEADER] : [])],
    exposedHeaders: ['Retry-After', ...(bearer ? [TOKEN_HEADER, 'WWW-Authenticate'] : [])],
    maxAge: ONE_HOUR_S,
  });
}
