import { sqltag as sql } from '@prisma/client/runtime/client';
import { describe, expect, test } from 'vitest';
import { DATABASES, sampleActivity, temporaryDatabase } from '../testing/index.ts';
import { deleteSome } from './index.ts';

describe.each(DATABASES)('$name', (on) => {
  test.skipIf(!on.available)('deletes at most the given number of matching rows, also concurrently', async () => {
    const database = await temporaryDatabase({ on });
    const other = await temporaryDatabase({ url: database.url, migrated: false });
    const { activity } = database.prisma;
    await activity.createMany({ data: Array.from({ length: 30 }, (_, index) => ({ ...sampleActivity('u'), id: `a${index}` })) });
    await activity.createMany({ data: Array.from({ length: 3 }, (_, index) => ({ ...sampleActivity('v'), id: `v${index}` })) });
    const some = (one: typeof database) =>
      deleteSome(one, { table: sql`gatehouse_activity`, key: sql`activity_id`, where: sql`user_id = ${'u'}`, limit: 4 });
    expect(await some(database)).toBe(4);
    expect(await activity.count()).toBe(29);
    const counts = await Promise.all(Array.from({ length: 6 }, (_, index) => some(index % 2 ? other : database)));
    expect(Math.max(...counts)).toBeLessThanOrEqual(4);
    expect(29 - counts.reduce((sum, count) => sum + count)).toBe(await activity.count());
    while ((await some(database)) > 0);
    expect((await activity.findMany()).map(({ id }) => id).toSorted()).toEqual(['v0', 'v1', 'v2']);
  });
});
