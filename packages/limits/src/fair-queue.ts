import { createLane, type Lane } from './fair-lane.ts';

export interface LaneOptions {
  /** Turns of this lane for each turn of a lane of weight 1, while both have tasks waiting. */
  readonly weight: number;
  /** Number of waiting tasks that other lanes cannot displace. The sum over all lanes is `maxWaiting`. */
  readonly reserved: number;
  /** Maximum number of waiting tasks of one key, over all lanes. */
  readonly maxPerKey: number;
}

export interface FairQueueOptions<LaneName extends string> {
  /** Maximum number of tasks that run at once. */
  readonly concurrency: number;
  /** Maximum number of waiting tasks, over all lanes. */
  readonly maxWaiting: number;
  readonly lanes: Readonly<Record<LaneName, LaneOptions>>;
}

export interface Ticket<LaneName extends string> {
  readonly lane: LaneName;
  /** What shares a turn: an address or an account. */
  readonly key: string;
  /** Previous attempts of this key. Keys with fewer attempts run first. Default: 0. */
  readonly attempts?: number;
  /** Removes the task while it waits. A running task is not interrupted. */
  readonly signal?: AbortSignal | undefined;
}

/** `ran: false`: the task was never started, because the queue was full, another task displaced it, or its signal was aborted. */
export type QueueOutcome<Result> = { readonly ran: true; readonly result: Result } | { readonly ran: false };

/**
 * Runs tasks with limited concurrency. Lanes take turns by weight (smooth weighted round robin), so that no lane starves another. Within
 * a lane, keys with fewer attempts run first and equal keys take turns, so that a key with many tasks delays another by one task per round.
 *
 * When the queue is full, a new task can displace a waiting one:
 * - If its lane uses less than its reserved share, it displaces a task of the lane that exceeds its own share the most.
 * - Otherwise it displaces the last task of the key in its lane with the most waiting tasks (longest queue drop), or with equally many and
 *   more attempts.
 */
export function createFairQueue<LaneName extends string>({ concurrency, maxWaiting, lanes: options }: FairQueueOptions<LaneName>) {
  const lanes = Object.fromEntries(
    Object.entries<LaneOptions>(options).map(([name, lane]) => [name, { ...lane, ...createLane(), credit: 0 }]),
  ) as unknown as Readonly<Record<LaneName, LaneOptions & Lane & { credit: number }>>;
  const all = Object.values<LaneOptions & Lane & { credit: number }>(lanes);
  let running = 0;

  const waiting = (): number => all.reduce((sum, lane) => sum + lane.size(), 0);

  /** Displaces the weakest waiting task if the queue is full; false if the new task is no stronger. */
  function makeRoom(lane: LaneOptions & Lane, key: string, attempts: number): boolean {
    if (waiting() < maxWaiting) return true;
    if (lane.size() < lane.reserved) {
      const [over] = all.toSorted((one, other) => other.size() - other.reserved - (one.size() - one.reserved));
      return over?.dropWeakest({ waiting: 0, attempts: 0 }) ?? false;
    }
    return lane.dropWeakest({ waiting: lane.sizeOf(key) + 1, attempts });
  }

  function next(): (() => void) | undefined {
    const ready = all.filter((lane) => lane.size() > 0);
    const total = ready.reduce((sum, lane) => sum + lane.weight, 0);
    // An idle lane does not accumulate credit.
    for (const lane of all) lane.credit = lane.size() > 0 ? lane.credit + lane.weight : 0;
    const [first] = ready.toSorted((one, other) => other.credit - one.credit);
    if (!first) return undefined;
    first.credit -= total;
    return first.shift();
  }

  /** Resolves to true when the task may run and has a slot, and to false if it never will. */
  async function acquire({ lane: name, key, attempts = 0, signal }: Ticket<LaneName>): Promise<boolean> {
    if (signal?.aborted) return false;
    if (running < concurrency) {
      running += 1;
      return true;
    }
    const lane = lanes[name];
    const waitingOfKey = all.reduce((sum, other) => sum + other.sizeOf(key), 0);
    if (waitingOfKey >= lane.maxPerKey || !makeRoom(lane, key, attempts)) return false;
    return new Promise((resolve) => {
      const cancel = (): void => {
        lane.remove(key, task);
        resolve(false);
      };
      const settle = (mayRun: boolean): void => {
        signal?.removeEventListener('abort', cancel);
        resolve(mayRun);
      };
      const task = { attempts, start: () => settle(true), drop: () => settle(false) };
      lane.push(key, task);
      signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  return {
    async run<Result>(ticket: Ticket<LaneName>, task: () => Promise<Result>): Promise<QueueOutcome<Result>> {
      if (!(await acquire(ticket))) return { ran: false };
      try {
        return { ran: true, result: await task() };
      } finally {
        // A finished task hands its slot to the next one, so `running` stays unchanged.
        const start = next();
        if (start) start();
        else running -= 1;
      }
    },

    /** Running and waiting tasks, and the number of keys held in memory. */
    load: () => ({ running, waiting: waiting(), keys: all.reduce((sum, lane) => sum + lane.keys(), 0) }),
  };
}
