import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MARIADB, POSTGRESQL } from '@gatehouse/prisma/testing';
import { freePort } from '@gatehouse/prisma/testing/free-port';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startRedisBehindSentinel, type RedisBehindSentinel } from '../../test-support/redis-sentinel.ts';
import { REDIS_AVAILABLE, startRedis, type RedisServer } from '../../test-support/redis-server.ts';
import { openRedis } from './connection.ts';
import { RedisOpenError } from './redis-open-error.ts';

async function problem(url: string): Promise<string> {
  // On a busy machine a running server may be slow, which is not what this test is about.
  const error: unknown = await openRedis(url, { timeoutMs: 6000 }).then(
    (connection) => connection.close(),
    (reason: unknown) => reason,
  );
  expect(error, url).toBeInstanceOf(RedisOpenError);
  const { message } = error as RedisOpenError;
  expect(message).not.toMatch(/s3cret|\n/);
  return message;
}

/**
 * Concurrently, because a missing server takes the whole time limit. On a busy machine another server may time out too,
 * and is tried again.
 */
async function said(cases: readonly (readonly [url: string, says: string])[]): Promise<void> {
  await Promise.all(
    cases.map(([url, says]) => vi.waitFor(async () => expect(await problem(url)).toContain(says), { timeout: 60_000, interval: 0 })),
  );
}

test('an invalid address is refused before a connection attempt, and its password is not shown', () =>
  said([
    ['http://db', 'the address has an unknown form. Use redis://host:6379'],
    ['redis://one,two', 'exactly one host'],
    ['redis://db:99999', '"db:99999" is not a host with a port'],
    ['redis://db/x', '"/x" is not the number of a database'],
    ['redis+cluster://db/1', 'a cluster has only database 0'],
    ['redis+sentinel://db', 'does not name the master'],
    ['redis://u:p@s3cret:w@db', 'write %40 for @'],
    ['redis://u:s3cret/w@db', 'write %40 for @ and %2F for a slash'],
    ['redis://:12/s3cret@db', 'write %40 for @ and %2F for a slash'],
    ['u:s3cret@db', 'the address has an unknown form'],
    ['redis:/u:s3cret@db', 'the address has an unknown form'],
    ['redis://u:s3cret%@db', 'write %25 for a percent sign'],
    ['redis://db?timeout=1', '"?timeout=1" is unknown. Use ?wait='],
    ['redis+unix:///run/redis.sock?timeout=1', '"?timeout=1" is unknown. Use ?wait='],
    ['redis+unix://u:s3cret@db', 'the address has an unknown form'],
    ['unix://u:s3cret@/run/100%', 'write %25 for a percent sign'],
    ['unix://u:s3cret@/no/where.sock', 'the file does not exist. Start Redis with this path'],
  ]));

describe.skipIf(!REDIS_AVAILABLE)('the wrong kind of server', () => {
  let plain: RedisServer;
  let locked: RedisServer;
  let node: RedisServer;
  let behind: RedisBehindSentinel;
  const web = createServer((_req, res) => res.end('<!doctype html>'));
  beforeAll(async () => {
    [plain, locked, node, behind] = await Promise.all([
      startRedis(),
      startRedis(['--requirepass', 'the right one']),
      startRedis(['--cluster-enabled', 'yes']),
      startRedisBehindSentinel({ replicas: 1 }),
    ]);
    await new Promise<void>((resolve) => void web.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await Promise.all([plain, locked, node, behind].map((server) => server.stop()));
    web.close();
  });

  test('is named, with a fix, for each form of the address', async () => {
    const at = (port: number): string => `127.0.0.1:${port}`;
    const [nowhere, sentinel] = [at(await freePort()), /127[^,]*/.exec(behind.url)?.[0]];
    const webPort = (web.address() as AddressInfo).port;
    const forms = (address: string, says: string) =>
      [`redis://${address}`, `redis+sentinel://${address}/mymaster`, `redis+cluster://${address}`].map((url) => [url, says] as const);
    await said([
      ...forms(nowhere, 'no server listens there'),
      ...forms(at(webPort), 'is a web server, not Redis'),
      ...(POSTGRESQL.available ? forms('127.0.0.1:5432', 'is PostgreSQL, not Redis') : []),
      ...(MARIADB.available ? forms('127.0.0.1:3306', 'is MySQL or MariaDB, not Redis') : []),
      [`redis://u:s3cret@${at(locked.port)}`, 'refused the user name or password'],
      [`redis+cluster://:s3cret@${at(locked.port)}`, 'refused the user name or password'],
      [`redis://${at(plain.port)}/99`, 'has no database with this number'],
      [`rediss://${at(plain.port)}`, 'Redis without TLS. Use redis:// instead of rediss://'],
      [`redis+cluster://${at(plain.port)}`, 'not a cluster. Use redis:// without +cluster'],
      [`redis+sentinel://${at(plain.port)}/mymaster`, 'not Sentinel'],
      [`redis://${at(node.port)}`, 'a node of a cluster. Use redis+cluster://'],
      [`redis://${sentinel}`, 'it is Sentinel. Use redis+sentinel://'],
      [behind.url.replace('mymaster', 'other'), 'Sentinel has no master named other'],
    ]);
  });
});

test.skipIf(!REDIS_AVAILABLE)('a problem behind Sentinel is reported as an error, even if the library only emits a string', async () => {
  const behind = await startRedisBehindSentinel({ replicas: 1 });
  const errors: unknown[] = [];
  const { close } = await openRedis(behind.url, { onError: (error) => errors.push(error) });
  await behind.stop();
  await expect.poll(() => errors.some((one) => String(one).includes('obseve')), { timeout: 30_000 }).toBe(true);
  expect(errors.filter((one) => !(one instanceof Error))).toEqual([]);
  await close();
});

test.skipIf(!REDIS_AVAILABLE)('a socket file, in each form of the address, with user, password and database', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-redis-socket-'));
  const path = join(folder, 'red is.sock');
  const redis = await startRedis(['--unixsocket', path]);
  try {
    await redis.command('ACL', 'SETUSER', 'app', 'on', '>s3cret@', '~*', '+@all');
    const file = path.replace(' ', '%20');
    for (const url of [
      `redis+unix://${file}`,
      `unix://${file}`,
      `unix://app:s3cret%40@${file}?db=3`,
      `redis+unix://:@${file}?db=3&wait=0`,
    ]) {
      const { commands, nodes, close } = await openRedis(url);
      await commands.set('written', url);
      expect((await nodes()).map(({ name }) => name)).toEqual([path]);
      await close();
      const { commands: other, close: closeOther } = await openRedis(`${redis.url}/${url.includes('db=3') ? 3 : 0}`);
      expect(await other.get('written')).toBe(url);
      await closeOther();
    }
    expect(await problem(`unix://app:s3cret@${file}`)).toContain('refused the user name or password');
    writeFileSync(join(folder, 'file'), '');
    expect(await problem(`unix://${folder}/file`)).toMatch(/no server listens on this socket|not a socket/);
  } finally {
    await redis.stop();
    rmSync(folder, { recursive: true });
  }
});
