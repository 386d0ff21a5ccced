import { setImmediate as tick } from 'node:timers/promises';

export interface Turnstile {
  /** Done when its turn comes, and nothing else meanwhile. */
  pass<Result>(work: () => Promise<Result>): Promise<Result>;
  /** The same, with every call of it a turn of its own. */
  through<Target extends object>(target: Target): Target;
  /** Lets them through one by one, until nobody is waiting. */
  drain(): Promise<void>;
}

/** Whose turn it is among all who wait, `choose` says: any order in which things that run at once can happen. */
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
            // An answer may be late, too.
            return pass(() => Promise.resolve(result));
          };
        },
      }),

    async drain() {
      // Whoever has had a turn queues for the next before the event loop comes round.
      for (await tick(); waiting.length > 0; await tick()) await waiting.splice(choose() % waiting.length, 1)[0]?.();
    },
  };
}
