import { identifierKey, identifierKeysOf, type Accounts } from '@gatehouse/accounts';
import { loginInputSchema, safeNextPath } from '@gatehouse/contract';
import type { SignInLimits } from '@gatehouse/limits';
import { sessionOf } from '@gatehouse/session';
import { isCrossSite } from '@gatehouse/session/request';
import { Router, urlencoded } from 'express';

/** The login screen, where `requireSession` sends people, and signing out. */
export function signIn({ accounts, limits }: { accounts: Accounts; limits: SignInLimits }): Router {
  const router = Router();

  router.get('/login', (_req, res) => {
    res.send(`<!doctype html><title>Sign in</title>
      <form method="post"><input name="identifier"><input name="password" type="password"><button>Sign in</button></form>`);
  });

  // A form elsewhere could sign people in as someone else, or out.
  router.post(['/login', '/logout'], (req, res, next) => (isCrossSite(req, []) ? void res.sendStatus(403) : next()));

  router.post('/login', urlencoded({ extended: false, limit: '4kb' }), async (req, res) => {
    const input = loginInputSchema.safeParse(req.body);
    if (!input.success) return void res.sendStatus(400);
    // Counted before the password is looked at.
    const attempt = await limits.attempt({ identifierKey: identifierKey(input.data.identifier) ?? '', address: req.ip });
    if (!attempt.ok) return void res.set('Retry-After', String(Math.ceil(attempt.retryAfterMs / 1000))).sendStatus(429);
    const outcome = await accounts.authenticate(input.data);
    if (!outcome.ok) return void res.sendStatus(outcome.reason === 'TOO_BUSY' ? 503 : 401);
    await attempt.succeeded(identifierKeysOf(outcome.user));
    const { user, credentialEpoch } = outcome;
    if (!(await sessionOf(req).signIn(user, { credentialEpoch }))) return void res.sendStatus(401);
    res.redirect(303, safeNextPath(req.query['next']));
  });

  router.post('/logout', async (req, res) => {
    await sessionOf(req).flush();
    res.redirect(303, '/login');
  });
  return router;
}
