import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RedisStore } from 'connect-redis';
import express from 'express';
import session, { type CookieOptions } from 'express-session';
import { createClient } from 'redis';

export const OLD_SECRET = 'keyboard cat';

/** A typical app: express-session with connect-redis, configured as in their documentation. */
export async function runOldApp(redisUrl: string, cookie: CookieOptions): Promise<{ url: string; close: () => Promise<void> }> {
  const client = await createClient({ url: redisUrl }).connect();
  const app = express();
  app.use(session({ store: new RedisStore({ client }), secret: OLD_SECRET, resave: false, saveUninitialized: false, cookie }));
  // The posted body becomes the session data.
  app.post('/login', express.json(), (req, res, next) => {
    req.session.regenerate((error?: unknown) => {
      if (error) return next(error);
      Object.assign(req.session, req.body);
      res.json({});
    });
  });
  app.get('/me', (req, res) => void res.json(Object.fromEntries(Object.entries(req.session).filter(([key]) => key !== 'cookie'))));
  const server = createServer(app);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await client.close();
    },
  };
}
