import { isSecure } from '@gatehouse/session/request';
import type { RequestHandler } from 'express';
import { refuseCall } from './refuse-call.ts';

/**
 * Where cookies are Secure, nothing is done over plain http: a sign-in would say yes and leave nobody signed in, and the password has
 * crossed the network in the clear. A refusal and no redirect, which would only hide that (ASVS 4.1.2).
 */
export const httpsOnly: RequestHandler = (req, res, next) =>
  req.method === 'POST' && !isSecure(req) ? refuseCall(res, 'HTTPS_REQUIRED') : next();
