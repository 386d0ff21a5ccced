import { setImmediate as tick } from 'node:timers/promises';

export interface Turnstile {
  /** Runs `work` alone when its turn comes. */
  pass<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Wraps an object so that each of its calls waits for a turn. */
  through<Target extends object>(target: Target): Target;
  /** Lets waiting calls run one by one, until none is waiting. */
  drain(): Promise<void>;
}

/** Serializes concurrent calls in an arbitrary order: `choose` picks the next among those that wait. */
export function createTurnstile(choose: () => number): Turnstile {
  const waiting: (() => Promise<void>)[] = [];

  const pass = <Result>(work: () => Promise<Result>): Promise<Result> =>
    new Promise((resolve, reject) => waiting.push(() => work().then(resolve, reject)));

  return {
    pass,

    through: (target) =>
      new Proxy(target, {
        get(_target, name) {
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== 'function') return member;
          return async (...args: unknown[]) => {
            const result = await pass(() => Reflect.apply(member, target, args) as Promise<unknown>);
            // A result may be delayed too.
            return pass(() => Promise.resolve(result));
          };
        },
      }),

    async drain() {
      // A caller that has had its turn queues again before the event loop continues.
      for (await tick(); waiting.length > 0; await tick()) await waiting.splice(choose() % waiting.length, 1)[0]?.();
    },
  };
}
