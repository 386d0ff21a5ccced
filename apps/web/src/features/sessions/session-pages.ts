import { sessionPageSchema, type ListedSession } from '@gatehouse/contract';

/** How a list of sessions is read, a page at a time. */
export const SESSION_PAGES = {
  getNextPageParam: ({ next }: { next: string | null }) => next ?? undefined,
  initialCursor: undefined,
  select: decode,
};

/** Each once: one that was used between two pages can be in both, and its place is the first. */
function decode({ pages }: { pages: readonly unknown[] }): ListedSession[] {
  const sessions = pages.flatMap((page) => sessionPageSchema.parse(page).sessions);
  return [...new Map(sessions.map((session) => [session.handle, session])).values()];
}
