import { promisify } from 'node:util';
import { RedisStore } from 'connect-redis';
import type { Request } from 'express';
import session from 'express-session';
import { createClient } from 'redis';

declare module 'express-session' {
  interface SessionData {
    userId?: number;
  }
}

const client = await createClient({ url: process.env['REDIS_URL'] ?? 'redis://localhost:6379' }).connect();

export const sessions = session({
  store: new RedisStore({ client }),
  secret: process.env['OLD_SECRET'] ?? '',
  resave: false,
  saveUninitialized: false,
  cookie: { maxAge: 86_400_000 },
});

export const userIdOf = (req: Request): number | undefined => req.session.userId;

export async function signIn(req: Request, id: number): Promise<void> {
  await promisify(req.session.regenerate).call(req.session);
  req.session.userId = id;
}

export const signOut = (req: Request): Promise<void> => promisify(req.session.destroy).call(req.session) as Promise<void>;
