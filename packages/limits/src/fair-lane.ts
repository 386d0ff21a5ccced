export interface WaitingTask {
  /** Previous attempts of its key. Keys with fewer attempts run first and are displaced last. */
  readonly attempts: number;
  readonly start: () => void;
  readonly drop: () => void;
}

/** Waiting tasks by key. Keys with the same number of attempts take turns; the tasks of one key keep their order. */
export interface Lane {
  size(): number;
  sizeOf(key: string): number;
  keys(): number;
  push(key: string, task: WaitingTask): void;
  /** Removes the next task and returns the function that starts it. */
  shift(): (() => void) | undefined;
  remove(key: string, task: WaitingTask): void;
  /**
   * Drops the last task of the weakest key: the one with the most waiting tasks, then the most attempts, then the latest turn. Does
   * nothing and returns false unless that key is weaker than `than`, the key that needs the slot.
   */
  dropWeakest(than: { waiting: number; attempts: number }): boolean;
}

export function createLane(): Lane {
  /** In the order of turns. Contains only keys with tasks. */
  const queues = new Map<string, WaitingTask[]>();
  let size = 0;

  function take(key: string, index: number): WaitingTask | undefined {
    const queue = queues.get(key);
    const [task] = queue?.splice(index, 1) ?? [];
    if (!task) return undefined;
    size -= 1;
    if (queue?.length === 0) queues.delete(key);
    return task;
  }

  return {
    size: () => size,
    sizeOf: (key) => queues.get(key)?.length ?? 0,
    keys: () => queues.size,

    push(key, task) {
      const queue = queues.get(key);
      if (queue) queue.push(task);
      else queues.set(key, [task]);
      size += 1;
    },

    shift() {
      let key: string | undefined;
      let fewest = Infinity;
      for (const [candidate, [{ attempts } = { attempts: 0 }]] of queues) if (attempts < fewest) [key, fewest] = [candidate, attempts];
      if (key === undefined) return undefined;
      const task = take(key, 0);
      const rest = queues.get(key);
      if (rest) {
        queues.delete(key);
        queues.set(key, rest);
      }
      return task?.start;
    },

    remove(key, task) {
      const index = queues.get(key)?.indexOf(task) ?? -1;
      if (index >= 0) take(key, index);
    },

    dropWeakest(than) {
      let weakest: string | undefined;
      let most = than;
      for (const [key, tasks] of queues) {
        const own = { waiting: tasks.length, attempts: tasks.at(-1)?.attempts ?? 0 };
        const order = own.waiting - most.waiting || own.attempts - most.attempts;
        // Among equal keys that wait, pick the last; a key that equals the newcomer is never displaced.
        if (order > 0 || (order === 0 && weakest !== undefined)) [weakest, most] = [key, own];
      }
      if (weakest === undefined) return false;
      take(weakest, -1)?.drop();
      return true;
    },
  };
}
