import { expect, test } from 'vitest';
import { LIFETIMES } from './conformance/index.ts';
import { newRecord } from './conformance/records.ts';
import { listCursor, requireListPosition } from './list-cursor.ts';
import { createTestClock } from './test-support/test-clock.ts';
import { sessionsOfUser } from './user-sessions.ts';

const record = await newRecord({ clock: createTestClock() }, { newHandle: async () => '' }, { lifetimes: LIFETIMES });

/** A list in memory. `between` runs after each page. */
function listOf(count: number, between: (page: number, use: (index: number) => void) => void = () => undefined) {
  const records = Array.from({ length: count }, (_, index) => ({
    ...record,
    handle: `ses_${index}`,
    lastActivityAtMs: 1000 - index,
  }));
  let pages = 0;
  let nowMs = 2000;
  const use = (index: number): void => void ((records[index] as { lastActivityAtMs: number }).lastActivityAtMs = nowMs++);
  return {
    pages: () => pages,
    listByUser: (_userId: string, { limit, after }: { limit: number; after?: string } = { limit: 100 }) => {
      const behind = after === undefined ? { lastActivityAtMs: Infinity } : requireListPosition(after);
      const rest = records
        .filter(({ lastActivityAtMs }) => lastActivityAtMs < behind.lastActivityAtMs)
        .toSorted((one, other) => other.lastActivityAtMs - one.lastActivityAtMs);
      const page = rest.slice(0, limit).map((record) => ({ record: { ...record }, user: null }));
      between((pages += 1), use);
      const last = page.at(-1)?.record;
      return Promise.resolve({ sessions: page, next: rest.length > limit && last ? listCursor(last) : undefined });
    },
  };
}

async function handlesOf(list: ReturnType<typeof listOf>): Promise<string[]> {
  const handles: string[] = [];
  for await (const { record } of sessionsOfUser(list, 'u')) handles.push(record.handle);
  return handles;
}

test('a single page is requested once', async () => {
  const list = listOf(100);
  expect((await handlesOf(list)).length).toBe(100);
  expect(list.pages()).toBe(1);
});

test('each session is returned once, even if it is used while the list is read', async () => {
  const list = listOf(350, (page, use) => {
    // From pages that were already read, and from others.
    if (page === 1) for (const index of [3, 150, 349]) use(index);
    if (page === 3) for (const index of [3, 250, 310]) use(index);
    if (page === 5) use(320);
  });
  const handles = await handlesOf(list);
  expect(handles).toHaveLength(350);
  expect(new Set(handles).size).toBe(350);
});
