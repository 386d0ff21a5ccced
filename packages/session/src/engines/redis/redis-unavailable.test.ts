import { SimpleError, SocketClosedUnexpectedlyError } from 'redis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StorageUnavailableError } from '../../errors.ts';
import { isReplicatedTo } from '../../test-support/redis-sentinel.ts';
import { REDIS_AVAILABLE, startRedis, type RedisServer } from '../../test-support/redis-server.ts';
import { openRedis, type RedisConnection } from './connection.ts';
import { NotReplicatedError } from './replicated.ts';
import { redisError } from './redis-unavailable.ts';

test.each([
  new SocketClosedUnexpectedlyError(),
  Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
  new Error('None of the sentinels are available'),
  new SimpleError('LOADING Redis is loading the dataset in memory'),
  new SimpleError("OOM command not allowed when used memory > 'maxmemory'. script: 1f, on @user_script:5."),
  new SimpleError('ERR Error running script (call to f_1): @user_script:5: @user_script: 5: -OOM command not allowed when used memory'),
  new SimpleError('READONLY You can’t write against a read only replica.'),
  new SimpleError('CLUSTERDOWN The cluster is down'),
  new SimpleError('NOREPLICAS Not enough good replicas to write.'),
  new SimpleError('NOAUTH Authentication required.'),
  new SimpleError('ERR max number of clients reached'),
])('semantics 41: is an outage: %s', (error) => {
  expect(redisError(error)).toBeInstanceOf(StorageUnavailableError);
  expect(redisError(error)).toMatchObject({ cause: error });
});

test.each([
  new SimpleError('WRONGTYPE Operation against a key holding the wrong kind of value'),
  new SimpleError('ERR user_script:3: attempt to index local ‘m’ (a nil value) script: 1f, on @user_script:3.'),
  new SimpleError('ERR value is not an integer or out of range'),
  new SimpleError('NOPERM this user has no permissions to run the ‘evalsha’ command'),
  new TypeError('Invalid argument type'),
])('is not an outage, and is thrown unchanged: %s', (error) => {
  expect(redisError(error)).toBe(error);
});

test('a StorageUnavailableError is returned unchanged', () => {
  const error = new NotReplicatedError('0 of 1 replicas');
  expect(redisError(error)).toBe(error);
});

describe.skipIf(!REDIS_AVAILABLE)('on its own Redis, with and without waiting for replicas', () => {
  let server: RedisServer;
  let replica: RedisServer;
  let connections: RedisConnection[];
  beforeAll(async () => {
    server = await startRedis(['--repl-diskless-sync-delay', '0']);
    replica = await startRedis(['--replicaof', '127.0.0.1', String(server.port)]);
    await isReplicatedTo(server, 1);
    connections = [await openRedis(server.url), await openRedis(`${server.url}?wait=1`, { timeoutMs: 20_000 })];
  });
  afterAll(async () => {
    await Promise.all(connections.map(({ close }) => close()));
    await Promise.all([server.stop(), replica.stop()]);
  });

  const begin = ({ changeUser }: RedisConnection['replicated'], user: string) =>
    changeUser(['record', user, 'expiry', 'activity'], ['', '', Date.now(), 1, 1, 'u1', 'begin', 'token']);

  test('a foreign value under our key is an error of that call only, not of others in the same pipeline', async () => {
    await server.command('SET', 'alien', 'no hash');
    for (const { replicated } of connections) {
      const [alien, own] = await Promise.allSettled([begin(replicated, 'alien'), begin(replicated, 'own')]);
      expect(alien).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('WRONGTYPE') } });
      expect((alien as PromiseRejectedResult).reason).not.toBeInstanceOf(StorageUnavailableError);
      expect(own).toMatchObject({ status: 'fulfilled' });
    }
  });
});
