import { AJAX_HEADER, BACKGROUND_HEADER, USER_HEADER } from '@gatehouse/contract';
import cors from 'cors';
import type { RequestHandler } from 'express';

const ONE_HOUR_S = 3600;

/**
 * Lets the listed origins, and no other, read answers and send the cookie. With none listed there is no CORS at all: a
 * browser then asks before it sends the ajax header from elsewhere, and gets no for an answer.
 */
export function crossOrigin(trustedOrigins: readonly string[]): RequestHandler {
  if (trustedOrigins.length === 0) return (_req, _res, next) => next();
  return cors({
    origin: [...trustedOrigins],
    credentials: true,
    methods: ['GET', 'POST'],
    allowedHeaders: ['Content-Type', AJAX_HEADER, BACKGROUND_HEADER, USER_HEADER],
    exposedHeaders: ['Retry-After'],
    maxAge: ONE_HOUR_S,
  });
}
