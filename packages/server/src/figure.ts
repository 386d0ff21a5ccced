export interface FigureOptions<Value> {
  readonly read: () => Promise<Value>;
  /** Whether a result that was slow to read may be returned again for up to a minute. Default: false. */
  readonly isCached?: boolean;
  readonly timeoutMs: number;
  readonly nowMs?: () => number;
}

const MAX_AGE_MS = 60_000;
/** A result is used for this many times as long as it took to read. So reading takes at most 2 % of the time, and small figures are current. */
const REUSE = 50;
/** Nobody waits for a figure that takes longer, if there is an older one. */
const SLOW_MS = 100;

/**
 * A figure that may be slow to read. Calls at the same time share one reading, even one that an earlier call no longer waits for.
 *
 * The function returns null if there is no result in time or reading has just failed, and rejects if reading fails while it is waited for.
 */
export function figure<Value>({
  read,
  isCached = false,
  timeoutMs,
  nowMs = () => performance.now(),
}: FigureOptions<Value>): () => Promise<Value | null> {
  let last: { readonly value: Value; readonly atMs: number; readonly tookMs: number } | undefined;
  let reading: Promise<Value> | undefined;
  let failed: { readonly atMs: number; readonly tookMs: number } | undefined;

  async function readNow(): Promise<Value> {
    const begin = nowMs();
    try {
      const value = await read();
      failed = undefined;
      if (isCached) last = { value, atMs: nowMs(), tookMs: nowMs() - begin };
      return value;
    } catch (error) {
      failed = { atMs: nowMs(), tookMs: nowMs() - begin };
      throw error;
    } finally {
      reading = undefined;
    }
  }

  return async () => {
    const ageMs = last ? nowMs() - last.atMs : Infinity;
    const usable = last && ageMs <= MAX_AGE_MS ? last : undefined;
    if (usable && ageMs <= usable.tookMs * REUSE) return usable.value;
    // What takes so long that it fails must not be read all the time.
    const isTooSlow = failed && failed.tookMs >= SLOW_MS && nowMs() - failed.atMs < Math.min(failed.tookMs * REUSE, MAX_AGE_MS);
    if (!reading && isTooSlow) return usable?.value ?? null;
    reading ??= readNow();
    // Nobody may be waiting for it any more when it fails.
    reading.catch(() => undefined);
    return usable && usable.tookMs >= SLOW_MS ? usable.value : inTime(reading, timeoutMs);
  };
}

function inTime<Value>(work: Promise<Value>, ms: number): Promise<Value | null> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(null), ms);
    // oxlint-disable-next-line promise/prefer-await-to-then -- the late outcome is dropped
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
