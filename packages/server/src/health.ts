import type { Engine } from '@gatehouse/session';
import { hashSecret, tokenOfId } from '@gatehouse/session/engine';
import { Router } from 'express';
import { noteFailure } from './request-failure.ts';

/** There is no such session: looking it up shows whether the storage answers. */
const NO_SESSION = tokenOfId('readyz');

/** `/healthz`: the process runs. `/readyz`: it can serve sessions; 503 if the storage does not answer or the server is stopping. */
export function health(engine: Engine, isStopping: () => boolean): Router {
  const router = Router();
  router.use(['/healthz', '/readyz'], (_req, res, next) => {
    // A cache would repeat an old response.
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
