import { REASONS } from '@gatehouse/contract';
import { isCrossSite } from '@gatehouse/session/request';
import type { RequestHandler } from 'express';

/**
 * Refuses requests of other sites with 403, for a download: another site cannot read the response, but could make the storage work, or save
 * the file. A link within the app, a bookmark and a typed address are not from another site.
 */
export const refuseOtherSites =
  (trustedOrigins: readonly string[]): RequestHandler =>
  (req, res, next) => {
    if (!isCrossSite(req, trustedOrigins)) return next();
    const { status, message } = REASONS.CROSS_SITE;
    res.status(status).json({ error: { reason: 'CROSS_SITE', message } });
  };
