import { createLane, type Lane } from './fair-lane.ts';

export interface LaneOptions {
  /** Turns of this lane for each turn of a lane of weight 1, while both have tasks waiting. */
  readonly weight: number;
  /** Waiting tasks that other lanes cannot displace. All lanes together have `maxWaiting` of these. */
  readonly reserved: number;
  /** Waiting tasks of one key at most, in all lanes. */
  readonly maxPerKey: number;
}

export interface FairQueueOptions<LaneName extends string> {
  /** Tasks that run at once. */
  readonly concurrency: number;
  /** Tasks that wait at most, over all lanes. */
  readonly maxWaiting: number;
  readonly lanes: Readonly<Record<LaneName, LaneOptions>>;
}

export interface Ticket<LaneName extends string> {
  readonly lane: LaneName;
  /** Who shares a turn: an address, or an account. */
  readonly key: string;
  /** Attempts of this key so far: a key with fewer comes first. Default: 0. */
  readonly attempts?: number;
  /** Gives the place up while the task waits. A task that runs is not interrupted. */
  readonly signal?: AbortSignal | undefined;
}

/** `ran: false`: the queue was full, the task was displaced by one with a better claim, or its signal was aborted. It never began. */
export type QueueOutcome<Result> = { readonly ran: true; readonly result: Result } | { readonly ran: false };

/**
 * Runs tasks a few at a time. Lanes take turns by weight (smooth weighted round robin), so that no lane starves another; within a
 * lane, keys with fewer attempts come first and equals take turns, so that a key with many tasks delays one with few by a task a round.
 *
 * When the queue is full, room is made for whoever has less than their share: a lane that uses fewer places than it has reserved
 * displaces a task of the lane that is most above its own; within a lane, a key displaces the last task of the key that has most waiting
 * (longest queue drop), or as much as itself and more attempts.
 */
export function createFairQueue<LaneName extends string>({ concurrency, maxWaiting, lanes: options }: FairQueueOptions<LaneName>) {
  const lanes = Object.fromEntries(
    Object.entries<LaneOptions>(options).map(([name, lane]) => [name, { ...lane, ...createLane(), credit: 0 }]),
  ) as unknown as Readonly<Record<LaneName, LaneOptions & Lane & { credit: number }>>;
  const all = Object.values<LaneOptions & Lane & { credit: number }>(lanes);
  let running = 0;

  const waiting = (): number => all.reduce((sum, lane) => sum + lane.size(), 0);

  /** Displaces the task with the weakest claim; false if this one's is no better. */
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
    // Nothing is saved up for later by a lane that has nothing to do.
    for (const lane of all) lane.credit = lane.size() > 0 ? lane.credit + lane.weight : 0;
    const [first] = ready.toSorted((one, other) => other.credit - one.credit);
    if (!first) return undefined;
    first.credit -= total;
    return first.shift();
  }

  /** True once it is the task's turn, and it holds a place among those that run; false if that will not be. */
  async function turn({ lane: name, key, attempts = 0, signal }: Ticket<LaneName>): Promise<boolean> {
    if (signal?.aborted) return false;
    if (running < concurrency) {
      running += 1;
      return true;
    }
    const lane = lanes[name];
    const own = all.reduce((sum, one) => sum + one.sizeOf(key), 0);
    if (own >= lane.maxPerKey || !makeRoom(lane, key, attempts)) return false;
    return new Promise((resolve) => {
      const leave = (): void => {
        lane.remove(key, task);
        resolve(false);
      };
      const settle = (isTurn: boolean): void => {
        signal?.removeEventListener('abort', leave);
        resolve(isTurn);
      };
      const task = { attempts, start: () => settle(true), drop: () => settle(false) };
      lane.push(key, task);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  return {
    async run<Result>(ticket: Ticket<LaneName>, task: () => Promise<Result>): Promise<QueueOutcome<Result>> {
      if (!(await turn(ticket))) return { ran: false };
      try {
        return { ran: true, result: await task() };
      } finally {
        // Who ends hands its place over: `running` stays.
        const start = next();
        if (start) start();
        else running -= 1;
      }
    },

    /** Tasks that wait, and keys that are held in memory for them. */
    load: () => ({ running, waiting: waiting(), keys: all.reduce((sum, lane) => sum + lane.keys(), 0) }),
  };
}
