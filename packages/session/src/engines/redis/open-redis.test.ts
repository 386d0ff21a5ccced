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
  // A busy machine lets what is there wait, and what is not there is not what this is about.
  const error: unknown = await openRedis(url, { timeoutMs: 6000 }).then(
    (connection) => connection.close(),
    (reason: unknown) => reason,
  );
  expect(error, url).toBeInstanceOf(RedisOpenError);
  const { message } = error as RedisOpenError;
  expect(message).not.toMatch(/s3cret|\n/);
  return message;
}

/** All at once: a server that is missing takes the whole time limit. On a busy machine another may reach it too, and is asked again. */
async function said(cases: readonly (readonly [url: string, says: string])[]): Promise<void> {
  await Promise.all(
    cases.map(([url, says]) => vi.waitFor(async () => expect(await problem(url)).toContain(says), { timeout: 60_000, interval: 0 })),
  );
}

test('an address that means nothing is refused before anything is tried, and shows nothing of a password', () =>
  said([
    ['http://db', 'is not of a form that is known. Write redis://host:6379'],
    ['redis://one,two', 'several where one is meant'],
    ['redis://db:99999', '"db:99999" is not a host with a port'],
    ['redis://db/x', '"/x" is not the number of a database'],
    ['redis+cluster://db/1', 'a cluster has database 0 alone'],
    ['redis+sentinel://db', 'which master'],
    ['redis://u:p@s3cret:w@db', 'write %40 for @'],
    ['redis://u:s3cret/w@db', 'write %40 for @ and %2F for a slash'],
    ['redis://:12/s3cret@db', 'write %40 for @ and %2F for a slash'],
    ['u:s3cret@db', 'is not of a form that is known'],
    ['redis:/u:s3cret@db', 'is not of a form that is known'],
    ['redis://u:s3cret%@db', 'write %25 for a percent sign'],
    ['redis://db?timeout=1', '"?timeout=1" is not known. After ?wait='],
    ['redis+unix:///run/redis.sock?timeout=1', '"?timeout=1" is not known. After ?wait='],
    ['redis+unix://u:s3cret@db', 'is not of a form that is known'],
    ['unix://u:s3cret@/run/100%', 'write %25 for a percent sign'],
    ['unix://u:s3cret@/no/where.sock', 'there is no such file. Start Redis with this path'],
  ]));

describe.skipIf(!REDIS_AVAILABLE)('what listens there', () => {
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

  test('is said as it is, with the mend, of each form of the address', async () => {
    const at = (port: number): string => `127.0.0.1:${port}`;
    const [nowhere, sentinel] = [at(await freePort()), /127[^,]*/.exec(behind.url)?.[0]];
    const webPort = (web.address() as AddressInfo).port;
    const forms = (address: string, says: string) =>
      [`redis://${address}`, `redis+sentinel://${address}/mymaster`, `redis+cluster://${address}`].map((url) => [url, says] as const);
    await said([
      ...forms(nowhere, 'nothing listens there'),
      ...forms(at(webPort), 'is not Redis but a web server'),
      ...(POSTGRESQL.available ? forms('127.0.0.1:5432', 'is not Redis but PostgreSQL') : []),
      ...(MARIADB.available ? forms('127.0.0.1:3306', 'is not Redis but MySQL or MariaDB') : []),
      [`redis://u:s3cret@${at(locked.port)}`, 'refuses the user name or password'],
      [`redis+cluster://:s3cret@${at(locked.port)}`, 'refuses the user name or password'],
      [`redis://${at(plain.port)}/99`, 'has no database of this number'],
      [`rediss://${at(plain.port)}`, 'Redis without TLS. Write redis, and not rediss'],
      [`redis+cluster://${at(plain.port)}`, 'no cluster. Write redis:// without +cluster'],
      [`redis+sentinel://${at(plain.port)}/mymaster`, 'not Sentinel'],
      [`redis://${at(node.port)}`, 'a node of a cluster. Write redis+cluster://'],
      [`redis://${sentinel}`, 'it is Sentinel. Write redis+sentinel://'],
      [behind.url.replace('mymaster', 'other'), 'Sentinel knows no master other'],
    ]);
  });
});

test.skipIf(!REDIS_AVAILABLE)('what goes wrong behind Sentinel is told as an error, also where the library has only a text', async () => {
  const behind = await startRedisBehindSentinel({ replicas: 1 });
  const told: unknown[] = [];
  const { close } = await openRedis(behind.url, { onError: (error) => told.push(error) });
  await behind.stop();
  await expect.poll(() => told.some((one) => String(one).includes('obseve')), { timeout: 30_000 }).toBe(true);
  expect(told.filter((one) => !(one instanceof Error))).toEqual([]);
  await close();
});

test.skipIf(!REDIS_AVAILABLE)('a socket file: in each form of the address, with user, password and database', async () => {
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
    expect(await problem(`unix://app:s3cret@${file}`)).toContain('refuses the user name or password');
    writeFileSync(join(folder, 'file'), '');
    expect(await problem(`unix://${folder}/file`)).toMatch(/nobody listens at this file|no socket/);
  } finally {
    await redis.stop();
    rmSync(folder, { recursive: true });
  }
});
