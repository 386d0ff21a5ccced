import { requireSessionAjax, sessionOf } from '@gatehouse/session';
import { Router } from 'express';

/** `GET /api/session`: the timestamps of this session as JSON, for scripts that do not use tRPC. 401 when signed out, never a redirect. */
export function sessionClocks(trustedOrigins: readonly string[]): Router {
  const router = Router();
  router.get('/api/session', requireSessionAjax({ trustedOrigins }), (req, res) => {
    const state = sessionOf(req).state();
    if (state.signedIn) res.json({ ...state.session, serverNow: new Date() });
  });
  return router;
}
