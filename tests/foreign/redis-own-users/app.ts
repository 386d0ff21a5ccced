import {
  getSessionUser,
  openEngine,
  requireSession,
  sessionErrorHandler,
  sessionMiddleware,
  sessionOf,
  withDeadline,
} from '@gatehouse/session';
import express from 'express';
import { checkPassword, users } from './users.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const lifetimes = {
  ageMs: 14 * DAY_MS,
  absoluteAgeMs: 90 * DAY_MS,
  sliding: true,
  activityIntervalMs: 60_000,
  expireAtBrowserClose: false,
};
const engine = withDeadline(await openEngine('redis', { lifetimes, users, redisUrl: process.env['REDIS_URL'] }), 2000);

const app = express();
app.use(
  sessionMiddleware({
    engine,
    lifetimes,
    cookie: { name: 'sid', secure: 'auto', sameSite: 'lax', path: '/' },
    secrets: [process.env['SESSION_SECRET'] ?? ''],
  }),
);

app.post('/login', express.urlencoded(), async (req, res) => {
  const user = checkPassword(String(req.body.name), String(req.body.password));
  if (!user) return void res.sendStatus(401);
  await sessionOf(req).signIn(user, { credentialEpoch: 0 });
  res.redirect('/');
});
app.get('/', requireSession, (req, res) => void res.send(`Hello ${getSessionUser(req)?.name}`));
app.post('/logout', async (req, res) => {
  await sessionOf(req).flush();
  res.redirect('/login');
});

app.use(sessionErrorHandler);
app.listen(process.env['PORT'] ?? 3000);
