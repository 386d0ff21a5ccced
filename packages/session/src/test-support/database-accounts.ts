import { type Role, type SessionUser, storedAttributes } from '@gatehouse/contract';
import type { Database } from '@gatehouse/prisma';
import { randomUUID } from 'node:crypto';
import type { TestAccounts, TestUser } from '../conformance/engine-fixture.ts';

/** Accounts as rows, without passwords. */
export function databaseAccounts(prisma: Database['prisma']): TestAccounts {
  return {
    async create(): Promise<TestUser> {
      const id = randomUUID();
      const row = { id, username: `user-${id}`, email: `${id}@example.org`, name: 'A User', role: 'user', status: 'active' } as const;
      const user: SessionUser = { ...row, attributes: storedAttributes({}) };
      await prisma.user.create({ data: { ...row, usernameKey: user.username, emailKey: user.email, passwordHash: 'none' } });
      return { user, credentialEpoch: 0 };
    },

    async rename(id: string, name: string): Promise<void> {
      await prisma.user.update({ where: { id }, data: { name } });
    },

    async setRole(id: string, role: Role): Promise<void> {
      await prisma.$transaction([
        prisma.user.update({ where: { id }, data: { role } }),
        prisma.session.updateMany({ where: { userId: id }, data: { previousSecretHash: null } }),
      ]);
    },

    async storeAttributes(id: string, attributes: string): Promise<void> {
      await prisma.user.update({ where: { id }, data: { attributes } });
    },

    // The epoch rises too, so that reactivating the account revives no old session.
    async suspend(id: string): Promise<void> {
      await prisma.user.update({ where: { id }, data: { status: 'suspended', credentialEpoch: { increment: 1 } } });
    },

    async reactivate(id: string): Promise<void> {
      await prisma.user.update({ where: { id }, data: { status: 'active' } });
    },

    async raiseEpoch(id: string, { exceptHandle }: { readonly exceptHandle?: string } = {}): Promise<number> {
      return prisma.$transaction(async (tx) => {
        const { credentialEpoch } = await tx.user.update({ where: { id }, data: { credentialEpoch: { increment: 1 } } });
        if (exceptHandle !== undefined)
          await tx.session.updateMany({
            where: { handle: exceptHandle, userId: id, credentialEpoch: credentialEpoch - 1 },
            data: { credentialEpoch },
          });
        return credentialEpoch;
      });
    },

    async remove(id: string): Promise<void> {
      await prisma.user.delete({ where: { id } });
    },
  };
}
