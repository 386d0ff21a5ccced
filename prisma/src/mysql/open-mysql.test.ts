import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasPrivate, sampleSession, startPrivate, temporaryDatabase, type PrivateServer } from '../../testing/index.ts';

describe.skipIf(!hasPrivate('mariadb'))('MariaDB with unusual defaults for new connections', () => {
  let server: PrivateServer;
  beforeAll(async () => void (server = await startPrivate('mariadb')), 60_000);
  afterAll(async () => server.stop());

  const open = (name: string, { migrated = true } = {}) =>
    temporaryDatabase({ url: `mysql://root@127.0.0.1:${server.port}/${name}`, migrated });

  test('a write is committed at once, also of all rows, and every row is read', async () => {
    const { prisma } = await open('mysql', { migrated: false });
    await prisma.$executeRaw`CREATE DATABASE shop`;
    await prisma.$executeRaw`SET GLOBAL autocommit = 0, sql_safe_updates = 1, sql_select_limit = 1, completion_type = 'RELEASE'`;
    const [writer, reader] = [await open('shop'), await open('shop')];
    await writer.prisma.session.create({ data: sampleSession() });
    await writer.prisma.$transaction((tx) => tx.session.create({ data: sampleSession() }));
    expect(await reader.prisma.session.findMany()).toHaveLength(2);
    await writer.prisma.$executeRaw`DELETE FROM gatehouse_session WHERE version > 0`;
    expect(await reader.prisma.session.count()).toBe(0);
  });
});
