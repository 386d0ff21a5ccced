/** Items processed concurrently. */
const CHUNK = 200;

/** Runs `work` on all items, a chunk at a time. */
export async function inChunks<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += CHUNK)
    results.push(...(await Promise.all(items.slice(start, start + CHUNK).map(work))));
  return results;
}
