import { describe, expect, test } from 'vitest';
import { DATABASES, sampleActivity, sampleSession, sampleUser, temporaryDatabase } from '../testing/index.ts';

// The migrated database matches the models: stored values are read back unchanged on every database.
describe.each(DATABASES)('$name', (on) => {
  describe.skipIf(!on.available)('the models', () => {
    test('every column of every model can be written, read, changed and deleted', async () => {
      const { prisma } = await temporaryDatabase({ on });
      const user = await prisma.user.create({ data: sampleUser() });
      expect(user).toMatchObject({ role: 'user', status: 'active', credentialEpoch: 0 });
      expect(Math.abs(user.createdAt.getTime() - Date.now())).toBeLessThan(10_000);
      expect(await prisma.user.findUnique({ where: { id: user.id } })).toEqual(user);

      const bare = await prisma.session.create({ data: sampleSession() });
      expect(bare).toMatchObject({
        userId: null,
        customAge: null,
        fixedExpiry: null,
        ip: null,
        userAgent: null,
        previousSecretHash: null,
        presentedAt: null,
        successor: null,
        claimedAt: null,
        version: 1,
      });
      const session = await prisma.session.create({
        data: {
          ...sampleSession(user.id),
          fixedExpiry: new Date(0),
          customAge: 2_147_483_647,
          ip: '::1',
          userAgent: 'x',
          previousSecretHash: 'h'.repeat(64),
          presentedAt: new Date(1),
          successor: 's'.repeat(64),
          claimedAt: new Date(2),
        },
      });
      expect(await prisma.session.findUnique({ where: { handle: session.handle }, include: { user: true } })).toEqual({ ...session, user });

      const activity = await prisma.activity.create({ data: sampleActivity(user.id) });
      expect(await prisma.activity.findMany({ where: { userId: user.id } })).toEqual([activity]);

      const limit = { key: 'k'.repeat(43), failures: 1, blockedUntil: new Date(0), expiresAt: new Date('2031-12-31T23:59:59.999Z') };
      expect(await prisma.limit.create({ data: limit })).toEqual(limit);
      expect(await prisma.limit.updateMany({ where: limit, data: { failures: 2 } })).toEqual({ count: 1 });
      expect(await prisma.limit.deleteMany({ where: { ...limit, failures: 2 } })).toEqual({ count: 1 });

      const at = new Date('2031-12-31T23:59:59.999Z');
      expect(
        await prisma.session.updateMany({ where: { handle: session.handle, version: 1 }, data: { version: 2, expiresAt: at } }),
      ).toEqual({ count: 1 });
      expect(await prisma.session.findUnique({ where: { handle: session.handle } })).toEqual({ ...session, version: 2, expiresAt: at });

      await prisma.user.delete({ where: { id: user.id } });
      expect(await prisma.session.findMany()).toEqual([bare]);
      expect(await prisma.activity.deleteMany()).toEqual({ count: 1 });
    });

    test('the longest allowed texts are read back completely', async () => {
      const { prisma } = await temporaryDatabase({ on });
      const user = await prisma.user.create({
        data: {
          ...sampleUser(),
          username: 'u'.repeat(32),
          email: `${'e'.repeat(242)}@example.com`,
          emailKey: `${'k'.repeat(242)}@example.com`,
          name: '👩🏽‍🚀é漢'.padEnd(100, '😀'),
          passwordHash: `$argon2id$${'p'.repeat(245)}`,
        },
      });
      expect(await prisma.user.findUnique({ where: { id: user.id } })).toEqual(user);
      const session = await prisma.session.create({
        data: {
          ...sampleSession(user.id),
          data: JSON.stringify({ big: '🚀é\\"\u0000'.repeat(200_000) }),
          userAgent: '漢'.repeat(255),
          ip: 'f'.repeat(64),
        },
      });
      expect(session.data.length).toBeGreaterThan(1_048_576);
      expect((await prisma.session.findUnique({ where: { handle: session.handle } }))?.data === session.data).toBe(true);
      expect((await prisma.session.findUnique({ where: { handle: session.handle } }))?.userAgent).toBe(session.userAgent);
    });

    test('texts are compared and sorted by their bytes', async () => {
      const { prisma } = await temporaryDatabase({ on });
      const handles = ['aB', 'ab', 'AB', 'a-b', 'äb', 'ßb', 'ssb', 'zb', '_b'];
      for (const handle of handles) await prisma.session.create({ data: { ...sampleSession(), handle } });
      for (const handle of handles)
        expect((await prisma.session.findMany({ where: { handle } })).map((row) => row.handle)).toEqual([handle]);
      expect(await prisma.session.findUnique({ where: { handle: 'Ab' } })).toBeNull();
      const rows = await prisma.session.findMany({ orderBy: { handle: 'asc' } });
      expect(rows.map(({ handle }) => handle)).toEqual(handles.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    });

    test('duplicate names, duplicate handles and missing users are rejected with Prisma’s codes', async () => {
      const { prisma } = await temporaryDatabase({ on });
      const [user, session] = [sampleUser(), sampleSession()];
      await prisma.user.create({ data: user });
      await prisma.session.create({ data: session });
      for (const field of ['usernameKey', 'emailKey'] as const)
        await expect(prisma.user.create({ data: { ...sampleUser(), [field]: user[field] } })).rejects.toMatchObject({ code: 'P2002' });
      await expect(prisma.session.create({ data: { ...sampleSession(), handle: session.handle } })).rejects.toMatchObject({
        code: 'P2002',
      });
      await expect(prisma.session.create({ data: sampleSession('nobody') })).rejects.toMatchObject({ code: 'P2003' });
    });

    test('an update counts matched rows, whether or not they changed', async () => {
      const { prisma } = await temporaryDatabase({ on });
      const { id } = await prisma.user.create({ data: sampleUser() });
      expect(await prisma.$executeRaw`UPDATE gatehouse_user SET credential_epoch = credential_epoch WHERE user_id = ${id}`).toBe(1);
      expect(await prisma.$executeRaw`UPDATE gatehouse_user SET credential_epoch = credential_epoch WHERE user_id = 'nobody'`).toBe(0);
    });
  });
});
