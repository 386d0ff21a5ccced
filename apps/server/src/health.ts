import type { Engine } from '@gatehouse/session';
import { hashSecret, tokenOfId } from '@gatehouse/session/engine';
import { Router } from 'express';
import { noteFailure } from './request-log.ts';

/** Asked for like any session, so that the storage answers; there is none. */
const NO_SESSION = tokenOfId('readyz');

/** `/healthz`: the process lives. `/readyz`: it can serve sessions, too; 503 while it cannot or is stopping. */
export function health(engine: Engine, isStopping: () => boolean): Router {
  const router = Router();
  router.use(['/healthz', '/readyz'], (_req, res, next) => {
    // Of this moment: a cache in between would go on saying that all is well.
    res.setHeader('Cache-Control', 'no-store');
    next();
  });
  router.get('/healthz', (_req, res) => void res.json({ status: 'ok' }));
  router.get('/readyz', async (req, res) => {
    const ready =
      !isStopping() &&
      (await engine.load(NO_SESSION.handle, { secretHash: hashSecret(NO_SESSION.secret) }).then(
        () => true,
        (error: unknown) => {
          noteFailure(req, error);
          return false;
        },
      ));
    res.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'unavailable' });
  });
  return router;
}
