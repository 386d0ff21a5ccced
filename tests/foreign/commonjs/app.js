const express = require('express');
const { openEngine, sessionErrorHandler, sessionMiddleware, sessionOf } = require('@gatehouse/session');

const DAY_MS = 24 * 60 * 60 * 1000;
const lifetimes = { ageMs: DAY_MS, absoluteAgeMs: 90 * DAY_MS, sliding: true, activityIntervalMs: 60_000, expireAtBrowserClose: false };

async function main() {
  const engine = await openEngine('memory', { lifetimes, users: { find: async () => undefined } });
  const app = express();
  app.use(
    sessionMiddleware({
      engine,
      lifetimes,
      cookie: { name: 'sid', secure: 'auto', sameSite: 'lax', path: '/' },
      secrets: [process.env['SESSION_SECRET'] ?? ''],
    }),
  );
  app.get('/', async (req, res) => {
    await sessionOf(req).update((data) => {
      data.visits = Number(data.visits ?? 0) + 1;
    });
    res.send(String(Reflect.get(req.session, 'visits')));
  });
  app.use(sessionErrorHandler);
  app.listen(process.env['PORT'] ?? 3000);
}

void main();
