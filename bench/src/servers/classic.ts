import { createAccounts } from '@gatehouse/accounts';
import { loginInputSchema, type SessionUser } from '@gatehouse/contract';
import { openDatabase } from '@gatehouse/prisma';
import { initTRPC, TRPCError } from '@trpc/server';
import { createExpressMiddleware, type CreateExpressContextOptions } from '@trpc/server/adapters/express';
import { RedisStore } from 'connect-redis';
import express from 'express';
import session from 'express-session';
import { createClient } from 'redis';
import { serve } from './listen.ts';

// express-session + connect-redis, configured as in their READMEs, with the same Express, tRPC and accounts.
// https://github.com/expressjs/session#api https://github.com/tj/connect-redis#api https://trpc.io/docs/server/adapters/express

const AGE_MS = 14 * 86_400_000;

declare module 'express-session' {
  interface SessionData {
    user?: SessionUser;
    signedInAt?: string;
  }
}

const redis = await createClient({ url: process.env['REDIS_URL'] ?? '' }).connect();
const accounts = createAccounts({ database: await openDatabase(process.env['DATABASE_URL'] ?? '') });
/** The set-up uses the copy of the user in the session. With this option it reads the current user from the database. */
const looksUpUser = process.env['BENCH_LOOK_UP_USER'] === '1';

const t = initTRPC.context<CreateExpressContextOptions>().create({ isDev: false });

const signedIn = t.procedure.use(async ({ ctx, next }) => {
  const { user: known } = ctx.req.session;
  const user = known && looksUpUser ? await accounts.findUserById(known.id) : known;
  if (!user || user.status !== 'active') throw new TRPCError({ code: 'UNAUTHORIZED' });
  return next({ ctx: { user } });
});

const router = t.router({
  auth: t.router({
    login: t.procedure.input(loginInputSchema).mutation(async ({ ctx: { req }, input }) => {
      const outcome = await accounts.authenticate(input);
      if (!outcome.ok) throw new TRPCError({ code: 'UNAUTHORIZED' });
      await new Promise<void>((resolve, reject) => void req.session.regenerate((error: unknown) => (error ? reject(error) : resolve())));
      req.session.user = outcome.user;
      req.session.signedInAt = new Date().toISOString();
      await new Promise<void>((resolve, reject) => void req.session.save((error: unknown) => (error ? reject(error) : resolve())));
      return describe(req.session, outcome.user);
    }),
    me: signedIn.query(({ ctx }) => describe(ctx.req.session, ctx.user)),
  }),
});

const describe = ({ cookie, signedInAt }: Partial<session.SessionData>, user: SessionUser) => ({
  user,
  session: { loginTime: signedInAt, expires: cookie?.expires, untilBrowserCloses: false },
  serverNow: new Date(),
});

const app = express();
app.use(
  session({
    store: new RedisStore({ client: redis, prefix: 'classic:' }),
    secret: process.env['SESSION_SECRET'] ?? '',
    resave: false,
    saveUninitialized: false,
    rolling: true,
    cookie: { maxAge: AGE_MS, httpOnly: true, sameSite: 'lax' },
  }),
);
app.use('/trpc', createExpressMiddleware({ router, createContext: (options) => options }));
serve(app);
