import { scryptSync, timingSafeEqual } from 'node:crypto';
import express, { urlencoded, type Express } from 'express';
import session, { type Store } from 'express-session';
import { Passport } from 'passport';
import { Strategy } from 'passport-local';

export interface OldUser {
  readonly id: number;
  readonly username: string;
  readonly email: string;
  readonly name: string;
  /** `scrypt:N:r:p:salt:hash`, as the app has always stored it. */
  readonly password: string;
}

const COST = { N: 16_384, r: 8, p: 1 };

export const hashPassword = (password: string, salt: string): string =>
  `scrypt:${COST.N}:${COST.r}:${COST.p}:${salt}:${scryptSync(password, Buffer.from(salt, 'hex'), 64, COST).toString('hex')}`;

const isPassword = ({ password: stored }: OldUser, password: string): boolean =>
  timingSafeEqual(Buffer.from(stored), Buffer.from(hashPassword(password, stored.split(':')[4] ?? '')));

/** The app before the switch: express-session, passport-local and users with numbers as ids. */
export function passportApp({ store, secret, users }: { store: Store; secret: string; users: readonly OldUser[] }): Express {
  const passport = new Passport();
  passport.use(
    new Strategy((username, password, done) => {
      const user = users.find((one) => one.username === username);
      done(null, user && isPassword(user, password) ? user : false);
    }),
  );
  passport.serializeUser((user, done) => done(null, (user as OldUser).id));
  passport.deserializeUser((id, done) => done(null, users.find((user) => user.id === id) ?? false));

  const app = express();
  app.use(session({ store, secret, resave: false, saveUninitialized: false, cookie: { maxAge: 86_400_000 } }), passport.session());
  app.post('/login', urlencoded({ extended: false }), passport.authenticate('local'), (_req, res) => void res.sendStatus(204));
  app.get('/me', (req, res) => void (req.user ? res.json({ id: (req.user as OldUser).id }) : res.sendStatus(401)));
  return app;
}
