import { sessionDataSchema } from '@gatehouse/contract';
import { sessionOf, type GatehouseWithUsers } from '@gatehouse/server';
import { Router } from 'express';
import * as client from 'openid-client';
import { z } from 'zod';
import type { oidcUsers } from './oidc-users.ts';

/** What must be known when the browser comes back. Pass it to `createGatehouse({ sessionData })`. */
export const oidcSessionData = sessionDataSchema.extend({
  oidc: z.object({ state: z.string(), nonce: z.string(), codeVerifier: z.string() }).optional(),
});

declare module '@gatehouse/contract' {
  interface SessionData {
    oidc?: { state: string; nonce: string; codeVerifier: string } | undefined;
  }
}

export interface OidcOptions {
  /** From `client.discovery(new URL('https://accounts.example'), clientId, clientSecret)`. */
  readonly config: client.Configuration;
  /** The address of `/oidc/callback` as the browser sees it, which the provider knows too. */
  readonly redirectUri: string;
  /** For the audit trail and events: `oidc:example`. */
  readonly method: string;
  readonly people: Pick<ReturnType<typeof oidcUsers>, 'remember'>;
  readonly onRefused?: (error: unknown) => void;
}

/** Sign-in with an OpenID provider: authorization code, PKCE, state and nonce. Mount it behind `gatehouse.sessions`. */
export function oidcSignIn({ config, redirectUri, method, people, onRefused }: OidcOptions): Router {
  const router = Router();

  router.get('/oidc/login', async (req, res) => {
    const codeVerifier = client.randomPKCECodeVerifier();
    const [state, nonce] = [client.randomState(), client.randomNonce()];
    // In the session of this browser: an answer that another browser asked for does not fit.
    req.session.oidc = { state, nonce, codeVerifier };
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: 'openid email profile',
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
    });
    res.redirect(url.href);
  });

  router.get('/oidc/callback', async (req, res) => {
    const pending = req.session.oidc;
    if (!pending) return void res.status(400).send('This sign-in was not started in this browser, or is over. Start again.');
    // Each is used once.
    delete req.session.oidc;
    let claims: client.IDToken | undefined;
    try {
      const answer = new URL(redirectUri);
      answer.search = new URL(req.originalUrl, redirectUri).search;
      const tokens = await client.authorizationCodeGrant(config, answer, {
        expectedState: pending.state,
        expectedNonce: pending.nonce,
        pkceCodeVerifier: pending.codeVerifier,
        idTokenExpected: true,
      });
      claims = tokens.claims();
    } catch (error) {
      onRefused?.(error);
    }
    const found = claims && people.remember(claims);
    if (!found || !(await sessionOf(req).signIn(found.user, { credentialEpoch: found.credentialEpoch, method })))
      return void res.status(401).send('The sign-in was refused.');
    res.redirect(303, '/');
  });
  return router;
}

/** When the provider says that somebody has left: their sessions end, on every server. */
export const endSessionsOf = (gatehouse: GatehouseWithUsers, userId: string): Promise<unknown> => gatehouse.engine.destroyByUser(userId);
