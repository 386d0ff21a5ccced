import type { Express } from 'express';
import { sessionOf } from '../request-context.ts';
import type { Browser } from './browser.ts';

/** `POST /put` stores its query in the session, `GET /data` shows the data, `POST /prove` re-authenticates the user. */
export function dataRoutes(express: Express): void {
  express.post('/put', (req, res) => {
    Object.assign(req.session, req.query);
    res.json({});
  });
  express.get('/data', (req, res) => {
    const { cookie: _, loginTime: _1, authenticatedAt: _2, ...data } = req.session as unknown as Record<string, unknown>;
    res.json(data);
  });
  express.post('/prove', async (req, res) => void res.json({ proved: await sessionOf(req).reauthenticate({ credentialEpoch: 0 }) }));
}

export const isSignedIn = async (browser: Browser): Promise<boolean> => (await browser.get('/me')).json<{ signedIn: boolean }>().signedIn;

/** The browser's session cookie. */
export const cookieOf = (browser: Browser): string => String(browser.cookies.get('sid'));
