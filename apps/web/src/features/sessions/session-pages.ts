import { sessionPageSchema, type ListedSession } from '@gatehouse/contract';

/** Options for paged queries of sessions. */
export const SESSION_PAGES = {
  getNextPageParam: ({ next }: { next: string | null }) => next ?? undefined,
  initialCursor: undefined,
  select: decode,
};

/** Removes duplicates: a session that was used between two requests can be on both pages. The first position is the current one. */
function decode({ pages }: { pages: readonly unknown[] }): ListedSession[] {
  const sessions = pages.flatMap((page) => sessionPageSchema.parse(page).sessions);
  return [...new Map(sessions.map((session) => [session.handle, session])).values()];
}
