import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Gatehouse } from '@gatehouse/server';
import type { Express } from 'express';
import { openGatehouse } from './open-gatehouse.ts';

export interface TestApp {
  readonly url: string;
  readonly gatehouse: Gatehouse;
  close(): Promise<void>;
}

/**
 * The app on a free port. Its database is a new SQLite file, or what TEST_DATABASE_URL names; sessions are stored there too, or in the Redis of
 * TEST_REDIS_URL.
 */
export async function startTestApp(createApp: (gatehouse: Gatehouse) => Express): Promise<TestApp> {
  const folder = await mkdtemp(join(tmpdir(), '{{name}}-'));
  const redisUrl = process.env['TEST_REDIS_URL'];
  const gatehouse = await openGatehouse({
    databaseUrl: process.env['TEST_DATABASE_URL'] ?? `file:${join(folder, 'test.db')}`,
    engine: redisUrl === undefined ? 'db' : 'redis',
    ...(redisUrl !== undefined && { redisUrl }),
    secret: randomBytes(32).toString('hex'),
    hashing: { memoryKib: 1024, passes: 1 }, // fast, and for tests only
  });
  const server = createApp(gatehouse).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    gatehouse,
    async close() {
      server.close();
      server.closeAllConnections();
      await gatehouse.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
