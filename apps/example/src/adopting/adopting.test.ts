import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createGatehouse, getSessionUser, requireSessionAjax } from '@gatehouse/server';
import { connectRedisStore } from '@gatehouse/session/test-support/connect-redis-store';
import { REDIS_AVAILABLE, startRedis } from '@gatehouse/session/test-support/redis-server';
import express from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { browser, form } from '../users/test-server.ts';
import { hashPassword, passportApp, type OldUser } from './passport-app.ts';

const root = join(import.meta.dirname, '../../../..');
const CLI = join(root, 'apps/cli/src/main.ts');

/** The lines of the guide that are typed: they are indented. */
const typed = [...readFileSync(join(root, 'docs/adopting.md'), 'utf8').matchAll(/^ {5,}(\S.*)$/gm)].map(([, line]) => line ?? '');
const OLD_SECRET = 'keyboard cat';
const PASSWORD = 'correct horse battery';
const SCRIPT = { headers: { 'x-requested-with': 'XMLHttpRequest' } };

async function listen(app: RequestListener, port = 0) {
  const server = createServer(app).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

test.skipIf(!REDIS_AVAILABLE)(
  'docs/adopting.md, step by step: users of a passport app keep their ids, passwords and sessions',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-adopting-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const redis = await startRedis();
    onTestFinished(() => redis.stop());

    const sample = JSON.parse(typed.find((line) => line.startsWith('{"id":7')) ?? '') as OldUser;
    const users = [
      { ...sample, password: hashPassword(PASSWORD, 'a1b2c3d4e5f60718') },
      { id: 8, username: 'bob', email: 'bob@example.com', name: 'Bob', password: hashPassword(PASSWORD, '1122334455667788') },
    ];
    const { store, close: closeStore } = await connectRedisStore(redis.url);
    const old = await listen(passportApp({ store, secret: OLD_SECRET, users }));
    const url = `http://127.0.0.1:${old.port}`;
    const [ada, stranger] = [browser(), browser()];
    expect((await ada(`${url}/login`, form({ username: 'ada', password: PASSWORD }))).status).toBe(204);
    expect(JSON.parse((await ada(`${url}/me`)).text)).toEqual({ id: 7 });

    // 1. Import the users.
    writeFileSync(join(folder, 'people.jsonl'), users.map((user) => JSON.stringify(user)).join('\n'));
    const databaseUrl = `file:${join(folder, 'gatehouse.db')}`;
    const env = { HOME: folder, GATEHOUSE_DATA_DIR: folder, DATABASE_URL: databaseUrl, NODE_ENV: 'test' };
    const commands = typed.filter((line) => line.startsWith('gatehouse ')).map((line) => line.split(' ').slice(1));
    const outputs: string[] = [];
    for (const args of commands) outputs.push((await promisify(execFile)(process.execPath, [CLI, ...args], { cwd: folder, env })).stdout);
    expect(outputs.join('\n')).toMatch(/Dry run[^]*2 users read: 2 imported[^]*2 users read: 2 imported, 0 unchanged, 0 refused/);

    // 2. and 3. Stop the old app, and start Gatehouse on the same host with the settings of the guide.
    await old.close();
    await closeStore();
    const values: Readonly<Record<string, string>> = { SESSION_ADOPT_SECRET: OLD_SECRET, SESSION_ADOPT_REDIS_URL: redis.url };
    const named = typed.flatMap((line) => /^(SESSION_ADOPT_\w+)=/.exec(line)?.[1] ?? []);
    expect(named.toSorted()).toEqual(Object.keys(values).toSorted());
    const gatehouse = await createGatehouse({ databaseUrl, env: values, secret: 'a-secret-of-this-test-that-is-long-enough' });
    onTestFinished(() => gatehouse.close());
    const app = express();
    app.use(gatehouse.sessions);
    app.use('/trpc', gatehouse.trpc());
    app.get('/me', requireSessionAjax(), (req, res) => void res.json(getSessionUser(req)));
    app.use(gatehouse.errors);
    const now = await listen(app, old.port);
    onTestFinished(() => now.close());

    // Without a new sign-in.
    expect(JSON.parse((await ada(`${url}/me`, SCRIPT)).text)).toMatchObject({ id: '7', username: 'ada' });
    expect(JSON.parse((await ada(`${url}/me`, SCRIPT)).text)).toMatchObject({ id: '7' });
    expect((await stranger(`${url}/me`, SCRIPT)).status).toBe(401);

    // With the old password.
    const signIn = (password: string) =>
      stranger(`${url}/trpc/auth.login`, {
        method: 'POST',
        headers: { ...SCRIPT.headers, 'content-type': 'application/json' },
        body: JSON.stringify({ identifier: 'bob', password }),
      });
    expect((await signIn('wrong')).status).toBe(401);
    expect((await signIn(PASSWORD)).status).toBe(200);
    expect(JSON.parse((await stranger(`${url}/me`, SCRIPT)).text)).toMatchObject({ id: '8' });
  },
);
