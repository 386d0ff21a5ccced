import { expect, test } from 'vitest';
import { sampleSession, temporaryDatabase } from '../testing/index.ts';
import { whereText } from './where-text.ts';

test('security W-05: only a non-empty string reaches a where', async () => {
  const { prisma } = await temporaryDatabase();
  await prisma.session.create({ data: sampleSession() });
  for (const bad of [undefined, null, '', 0, {}, { not: '' }, { startsWith: '' }, [], ['x']]) {
    expect(() => whereText(bad as string)).toThrow(TypeError);
  }
  expect(await prisma.session.deleteMany({ where: { handle: whereText('not there') } })).toEqual({ count: 0 });
  expect(await prisma.session.count()).toBe(1);
});

test('security W-05: Prisma rejects an undefined condition instead of ignoring it', async () => {
  const { prisma } = await temporaryDatabase();
  await prisma.session.create({ data: sampleSession() });
  const where = { handle: undefined as unknown as string };
  await expect(prisma.session.deleteMany({ where })).rejects.toThrow('explicitly `undefined` values are not allowed');
  expect(await prisma.session.count()).toBe(1);
});
