import { loginInputSchema, safeNextPath } from '@gatehouse/contract';
import { sessionOf, type Gatehouse } from '@gatehouse/server';
import { isCrossSite } from '@gatehouse/session/request';
import { Router, urlencoded } from 'express';

const STATUS = { INVALID_CREDENTIALS: 401, TOO_BUSY: 503, TOO_MANY_ATTEMPTS: 429 };

/** The sign-in form, where `requireSession` redirects to, and signing out. */
export function signIn({ passwords }: Gatehouse): Router {
  const router = Router();

  router.get('/login', (_req, res) => {
    res.send(`<!doctype html><title>Sign in</title>
      <form method="post"><input name="identifier"><input name="password" type="password"><button>Sign in</button></form>`);
  });

  // A form on another site could sign users in as someone else, or sign them out.
  router.post(['/login', '/logout'], (req, res, next) => (isCrossSite(req, []) ? void res.sendStatus(403) : next()));

  router.post('/login', urlencoded({ extended: false, limit: '4kb' }), async (req, res) => {
    const input = loginInputSchema.safeParse(req.body);
    if (!input.success) return void res.sendStatus(400);
    // Counts the attempt, and writes failures to the audit trail.
    const outcome = await passwords.verify(req, input.data);
    if (!outcome.ok) {
      if (outcome.retryAfterSeconds !== undefined) res.set('Retry-After', String(outcome.retryAfterSeconds));
      return void res.sendStatus(STATUS[outcome.reason]);
    }
    const { user, credentialEpoch } = outcome;
    if (!(await sessionOf(req).signIn(user, { credentialEpoch }))) return void res.sendStatus(401);
    passwords.rememberDevice(req, user.id);
    res.redirect(303, safeNextPath(req.query['next']));
  });

  router.post('/logout', async (req, res) => {
    await sessionOf(req).flush();
    res.redirect(303, '/login');
  });
  return router;
}
