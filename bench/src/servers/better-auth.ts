import { DatabaseSync } from 'node:sqlite';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import express from 'express';
import { serve } from './listen.ts';

// Configured as in its documentation, on Express with SQLite: https://better-auth.com/docs/integrations/express
// The rate limit is off, because it would refuse the load. The signed cookie cache is off by default: with it, a revoked
// session stays valid until the cache expires.

const database = new DatabaseSync(process.env['BETTER_AUTH_FILE'] ?? '');
const auth = betterAuth({
  database,
  secret: process.env['SESSION_SECRET'] ?? '',
  baseURL: `http://127.0.0.1:${process.env['PORT'] ?? ''}`,
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
});
const { runMigrations } = await getMigrations(auth.options);
await runMigrations();
// A later start finds the account, and must not spend time on hashing its password again.
if (!database.prepare('SELECT 1 FROM user').get())
  await auth.api.signUpEmail({
    body: { email: process.env['BENCH_EMAIL'] ?? '', password: process.env['BENCH_PASSWORD'] ?? '', name: 'Ada Lovelace' },
  });

const app = express();
app.all('/api/auth/*splat', toNodeHandler(auth));
serve(app);
