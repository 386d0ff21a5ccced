import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestUser } from '../../conformance/engine-fixture.ts';
import { newHash, rotated } from '../../conformance/records.ts';
import type { Engine, SessionRecord } from '../../engine-port.ts';
import { commitChange } from '../../session-commit.ts';
import { freshSecrets } from '../../secrets.ts';
import { cache, hits, nearCacheProcesses, type CachingProcess, type NearCacheProcesses } from '../../test-support/near-cache-processes.ts';
import { REDIS_AVAILABLE } from '../../test-support/redis-server.ts';

interface Case {
  readonly owner: TestUser;
  readonly record: SessionRecord;
}

/** The changes of a session, and what a load with the secret from before must return once one is acknowledged. */
const CHANGES: readonly [name: string, change: (engine: Engine, at: Case) => Promise<unknown>, then: object][] = [
  ['an end', (engine, { record }) => engine.destroy(record.handle), { status: 'absent' }],
  ['the end of all of a user’s sessions', (engine, { owner }) => engine.destroyByUser(owner.user.id), { status: 'absent' }],
  ['the end of all sessions', (engine) => engine.destroyAll(), { status: 'absent' }],
  [
    'a new secret without the one before',
    (engine, { record }) => {
      const secrets = freshSecrets({ secretHash: newHash(), nowMs: Date.now() });
      return engine.update(record.handle, { expectedVersion: 1, timestamps: record, secrets });
    },
    { status: 'absent' },
  ],
  [
    'a rotation',
    (engine, { record }) => engine.update(record.handle, { expectedVersion: 1, timestamps: record, secrets: rotated(record, Date.now()) }),
    { status: 'live', secret: 'previous' },
  ],
  ['a claim', (engine, { record }) => engine.claim(record.handle, { successor: 'ses_next' }), { status: 'claimed' }],
  [
    'a change of data',
    (engine, { record }) => engine.update(record.handle, { expectedVersion: 1, timestamps: record, data: { changed: true } }),
    { status: 'live', record: { data: { changed: true } } },
  ],
  [
    'a new expiry',
    (engine, { record }) => engine.touch(record.handle, { ...record, fixedExpiryMs: Date.now() - 1, expiresAtMs: Date.now() - 1 }),
    { status: expect.stringMatching(/absent|expired/) },
  ],
];

describe.skipIf(!REDIS_AVAILABLE)('a change is acknowledged when no near cache has what was before', () => {
  let processes: NearCacheProcesses;
  let slow: CachingProcess;
  let fast: CachingProcess;
  beforeAll(async () => {
    processes = await nearCacheProcesses();
    [slow, fast] = [await processes.open(), await processes.open()];
  });
  afterAll(() => processes.dispose());

  let at: Case;
  beforeEach(async () => {
    slow.proxy.delay(0);
    const owner = await processes.accounts.create();
    at = { owner, record: await processes.store({ user: owner, data: { changed: false } }) };
    for (const process of [slow, fast]) await cache(process, at.record);
    // Far longer than a change takes that does not wait.
    slow.proxy.delay(40);
  });

  const load = ({ engine }: CachingProcess) => engine.load(at.record.handle, at.record);

  test.each(CHANGES)('%s, by a process without a cache', async (_name, change, then) => {
    await change(processes.plain, at);
    expect(await Promise.all([load(slow), load(fast)])).toMatchObject([then, then]);
  });

  test.each(CHANGES)('%s, by a process with a cache', async (_name, change, then) => {
    await change(fast.engine, at);
    expect(await Promise.all([load(slow), load(fast)])).toMatchObject([then, then]);
  });

  test('a write that had to wait knows of a secret that was changed meanwhile, so that its response brings no old cookie back', async () => {
    const { record } = at;
    const secretHash = newHash();
    const engine: Engine = {
      ...processes.plain,
      async update(handle, update) {
        const outcome = await processes.plain.update(handle, update);
        expect(outcome).toEqual({ status: 'updated', isLate: true });
        const secrets = freshSecrets({ secretHash, nowMs: Date.now() });
        await fast.engine.update(handle, { expectedVersion: 2, timestamps: record, secrets });
        return outcome;
      },
    };
    const written = await commitChange(engine, record, () => ({ timestamps: record, data: { changed: true } }));
    expect(written).toMatchObject({ secretHash, version: 3, data: { changed: true } });
  });

  test.each([
    ['has ended', (handle: string) => fast.engine.destroy(handle)],
    ['was claimed', (handle: string) => fast.engine.claim(handle, { successor: 'ses_next' })],
  ])('a write that had to wait and whose session %s meanwhile was successful, and has no cookie to send', async (_what, end) => {
    const engine: Engine = {
      ...processes.plain,
      async update(handle, update) {
        const outcome = await processes.plain.update(handle, update);
        await end(handle);
        return outcome;
      },
    };
    const written = await commitChange(engine, at.record, () => ({ timestamps: at.record, data: { changed: true } }));
    expect(written).toMatchObject({ secretHash: '', version: 2, data: { changed: true } });
  });

  test('semantics 8: a change of the account', async () => {
    await processes.accounts.setRole(at.owner.user.id, 'admin');
    const then = { status: 'live', user: { role: 'admin' } };
    expect(await Promise.all([load(slow), load(fast)])).toMatchObject([then, then]);
  });

  test('a suspension', async () => {
    await processes.accounts.suspend(at.owner.user.id);
    expect(await Promise.all([load(slow), load(fast)])).toMatchObject([{ status: 'absent' }, { status: 'absent' }]);
  });

  test('an announcement that an account is about to change: nothing of it is cached meanwhile', async () => {
    const token = await processes.plain.beginUserChange(at.owner.user.id);
    slow.proxy.delay(0);
    const before = hits(slow) + hits(fast);
    for (let loads = 0; loads < 5; loads += 1) await Promise.all([load(slow), load(fast)]);
    expect(hits(slow) + hits(fast)).toBe(before);
    await processes.plain.endUserChange(at.owner.user.id, token);
    await cache(slow, at.record);
  });

  test('many concurrent changes share the wait', async () => {
    const records = await Promise.all(Array.from({ length: 30 }, () => processes.store()));
    await cache(slow, at.record);
    const before = await fences();
    expect(await Promise.all(records.map(({ handle }) => processes.plain.destroy(handle)))).not.toContain(false);
    expect((await fences()) - before).toBeLessThan(10);
  });

  const fences = async (): Promise<number> => Number(await processes.server.command('GET', '{gatehouse:index}:fence'));
});
