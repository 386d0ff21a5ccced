import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { hasPgbouncer, POSTGRESQL, startPgbouncer, tcpProxy, temporaryDatabase } from '../../testing/index.ts';
import { openDatabase, type Database } from '../index.ts';

const WITHIN = { timeout: 20_000, interval: 10 };

/** A channel of this test: channels belong to a database, which other tests do not use. */
const CHANNEL = 'Some "channel"';

const notify = ({ prisma }: Database, message: string): Promise<number> => prisma.$executeRaw`SELECT pg_notify(${CHANNEL}, ${message})`;

async function listening(database: Database) {
  const messages: string[] = [];
  const onLost = vi.fn<() => void>();
  const stop = await database.listen?.(CHANNEL, { onMessage: (message) => void messages.push(message), onLost });
  onTestFinished(async () => stop?.());
  return { messages, onLost, stop };
}

describe.skipIf(!POSTGRESQL.available)('notifications of PostgreSQL', () => {
  test('arrive from every connection, and no longer after the end', async () => {
    const database = await temporaryDatabase({ on: POSTGRESQL, migrated: false });
    const other = await temporaryDatabase({ on: POSTGRESQL, url: database.url, migrated: false });
    const { messages, onLost, stop } = await listening(database);
    await notify(other, 'one');
    await notify(database, 'two words');
    await vi.waitFor(() => expect(messages).toEqual(['one', 'two words']), WITHIN);
    await stop?.();
    expect(onLost).not.toHaveBeenCalled();
    const later = await listening(database);
    await notify(other, 'three');
    await vi.waitFor(() => expect(later.messages).toEqual(['three']), WITHIN);
    expect(messages).toHaveLength(2);
  });

  test('a transaction sends them when it is committed, and none if it is rolled back', async () => {
    const database = await temporaryDatabase({ on: POSTGRESQL, migrated: false });
    const { messages } = await listening(database);
    const send = (message: string, fail: boolean) =>
      database.prisma.$transaction(async (tx) => {
        await tx.$executeRaw`SELECT pg_notify(${CHANNEL}, ${message})`;
        if (fail) throw new Error('rolled back');
      });
    await expect(send('first', true)).rejects.toThrow('rolled back');
    await send('second', false);
    await vi.waitFor(() => expect(messages).toEqual(['second']), WITHIN);
  });

  test('a connection that the server ends is reported once', async () => {
    const database = await temporaryDatabase({ on: POSTGRESQL, migrated: false });
    const { onLost } = await listening(database);
    await database.prisma.$queryRaw`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`;
    await vi.waitFor(() => expect(onLost).toHaveBeenCalledOnce(), WITHIN);
    // The others are not affected.
    expect(await notify(database, 'one')).toBe(1);
  });

  test('a server that does not answer is an error in time, and closing does not wait for it', async () => {
    const direct = await temporaryDatabase({ on: POSTGRESQL, migrated: false });
    const { hostname: host, port } = new URL(direct.url);
    const proxy = await tcpProxy({ host, port: Number(port) });
    onTestFinished(() => proxy.close());
    const address = new URL(direct.url);
    address.port = String(proxy.port);
    const database = await openDatabase(address.href);
    onTestFinished(() => database.close());
    const { stop } = await listening(database);
    await proxy.set('hang');
    await stop?.();
    await expect(database.listen?.(CHANNEL, { onMessage: () => undefined, onLost: () => undefined })).rejects.toThrow();
  });

  test.skipIf(!hasPgbouncer())('there are none behind a pooler', async () => {
    const direct = await temporaryDatabase({ on: POSTGRESQL, migrated: false });
    const pgbouncer = await startPgbouncer(direct.url);
    onTestFinished(() => pgbouncer.stop());
    const database = await openDatabase(pgbouncer.through(direct.url));
    onTestFinished(() => database.close());
    expect(database.listen).toBeUndefined();
    expect(direct.listen).toBeDefined();
  });
});
