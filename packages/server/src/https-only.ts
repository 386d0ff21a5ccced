import { isSecure } from '@gatehouse/session/request';
import type { RequestHandler } from 'express';
import { refuseCall } from './refuse-call.ts';

/**
 * For secure cookies: refuses a POST over plain http. A sign-in would succeed without a cookie, and the password has already crossed
 * the network unencrypted. Not a redirect, which would hide that (ASVS 4.1.2).
 */
export const httpsOnly: RequestHandler = (req, res, next) =>
  req.method === 'POST' && !isSecure(req) ? refuseCall(res, 'HTTPS_REQUIRED') : next();
