import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { POSTGRESQL } from '@gatehouse/prisma/testing';
import { freePort } from '@gatehouse/prisma/testing/free-port';
import { REDIS_AVAILABLE, startRedis } from '@gatehouse/session/test-support/redis-server';
import { expect, test } from 'vitest';
import { startServer, temporaryFolder } from '../test-support/server-process.ts';

/** The one-line message of a start that fails on this Redis. */
async function refusedStart(redisUrl: string, { timeout = '1' }: { timeout?: string } = {}): Promise<string> {
  await using folder = await temporaryFolder();
  // The server retries for half as long again.
  const server = startServer(folder.path, { SESSION_ENGINE: 'redis', REDIS_URL: redisUrl, SESSION_STORAGE_TIMEOUT: timeout });
  expect(await server.exited).not.toBe(0);
  const said = server
    .output()
    .split('\n')
    .filter((line) => line.startsWith('Redis at '));
  expect(said).toHaveLength(1);
  // No stack and no secret.
  expect(server.output()).not.toMatch(/^\s+at |s3cret/m);
  return said[0] ?? '';
}

test('no Redis: the message has the address and the fix', async () => {
  const port = await freePort();
  expect(await refusedStart(`redis://someone:s3cret@127.0.0.1:${port}`, { timeout: '0.2' })).toContain(
    `Redis at redis://someone:***@127.0.0.1:${port}: no server listens there. Start Redis`,
  );
});

test('a web server on that port: not Redis', async () => {
  const web = createServer((_req, res) => res.end('<!doctype html>')).listen(0, '127.0.0.1');
  await new Promise((resolve) => void web.on('listening', resolve));
  try {
    expect(await refusedStart(`redis://127.0.0.1:${(web.address() as AddressInfo).port}`)).toContain(', not Redis');
  } finally {
    web.close();
  }
});

test.skipIf(!POSTGRESQL.available)('PostgreSQL on that port: not Redis', async () => {
  const database = await POSTGRESQL.create();
  try {
    expect(await refusedStart(`redis://${new URL(database.url).host}`)).toContain(', not Redis');
  } finally {
    await database.drop();
  }
});

test.skipIf(!REDIS_AVAILABLE)('a wrong or missing password', async () => {
  const redis = await startRedis(['--requirepass', 'the right one']);
  try {
    expect(await refusedStart(`redis://:s3cret@127.0.0.1:${redis.port}`)).toContain('refused the user name or password');
    expect(await refusedStart(`redis://127.0.0.1:${redis.port}`)).toContain('refused the user name or password');
    await using folder = await temporaryFolder();
    const server = startServer(folder.path, {
      SESSION_ENGINE: 'redis',
      REDIS_URL: `redis://:${encodeURIComponent('the right one')}@127.0.0.1:${redis.port}`,
    });
    await server.ready;
    server.child.kill('SIGTERM');
    expect(await server.exited).toBe(0);
  } finally {
    await redis.stop();
  }
});

test.skipIf(!REDIS_AVAILABLE)('TLS: an untrusted certificate is refused with a fix, and a trusted one is accepted', async () => {
  await using folder = await temporaryFolder();
  const [certificate, key] = [join(folder.path, 'certificate.pem'), join(folder.path, 'key.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-keyout', key, '-out', certificate, ...subject]);
  const port = await freePort();
  const tls = ['--tls-port', String(port), '--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', certificate];
  const redis = await startRedis([...tls, '--tls-auth-clients', 'no']);
  try {
    const url = `rediss://127.0.0.1:${port}`;
    expect(await refusedStart(url)).toContain('certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT). Set NODE_EXTRA_CA_CERTS');
    const server = startServer(folder.path, { SESSION_ENGINE: 'redis', REDIS_URL: url, NODE_EXTRA_CA_CERTS: certificate });
    await server.ready;
    server.child.kill('SIGTERM');
    expect(await server.exited).toBe(0);
  } finally {
    await redis.stop();
  }
});

test.skipIf(!REDIS_AVAILABLE)('a Redis that hangs: the start fails within seconds', async () => {
  const redis = await startRedis();
  redis.process.kill('SIGSTOP');
  try {
    expect(await refusedStart(redis.url, { timeout: '0.2' })).toContain('does not reply like Redis');
  } finally {
    await redis.stop();
  }
});

test.skipIf(!REDIS_AVAILABLE)('F-12: SIGTERM ends the server even while Redis hangs', async () => {
  const redis = await startRedis();
  try {
    await using folder = await temporaryFolder();
    const server = startServer(folder.path, { SESSION_ENGINE: 'redis', REDIS_URL: redis.url });
    const url = await server.ready;
    redis.process.kill('SIGSTOP');
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    server.child.kill('SIGTERM');
    expect(await server.exited).toBe(0);
  } finally {
    await redis.stop();
  }
});
