import type * as fc from 'fast-check';
import type { Engine, SessionRecord } from '../engine-port.ts';

/** What happened to the handles of a race. */
export interface Witness {
  /** Every hash that any operation tried to store, by handle. */
  readonly hashes: Map<string, Set<string>>;
  /** Successful claims, in order. */
  readonly claims: { readonly handle: string; readonly successor: string }[];
}

export function witnessOf(record: SessionRecord): Witness {
  return { hashes: new Map([[record.handle, new Set([record.secretHash])]]), claims: [] };
}

/**
 * An engine as one process. Each call starts when fast-check's scheduler decides. `isOverlapping`: the next call may
 * start before this one has finished. Otherwise the order of calls is the only variable, so that a failure can be
 * reproduced.
 */
export function scheduled(engine: Engine, scheduler: fc.Scheduler, { name, isOverlapping, witness }: ScheduledOptions): Engine {
  const calls = {
    ...engine,
    create(record, options) {
      remember(witness, record.handle, record.secretHash);
      return engine.create(record, options);
    },
    update(handle, update) {
      if (update.secrets) remember(witness, handle, update.secrets.secretHash);
      return engine.update(handle, update);
    },
    async claim(handle, request) {
      const outcome = await engine.claim(handle, request);
      if (outcome.status === 'claimed') witness.claims.push({ handle, successor: request.successor });
      return outcome;
    },
  } satisfies Engine;
  return new Proxy(calls, {
    get(target, method: keyof Engine) {
      const call: unknown = target[method];
      if (typeof call !== 'function') return call;
      return (...args: unknown[]) =>
        step(scheduler, `${name}.${method}`, () => Reflect.apply(call, target, args) as Promise<unknown>, isOverlapping);
    },
  });
}

interface ScheduledOptions {
  readonly name: string;
  readonly isOverlapping: boolean;
  readonly witness: Witness;
}

/** Starts `work` when the scheduler decides. */
export function step<Result>(scheduler: fc.Scheduler, label: string, work: () => Promise<Result>, isOverlapping: boolean): Promise<Result> {
  return new Promise((resolve, reject) => {
    void scheduler.schedule(Promise.resolve(), label, undefined, async (begin) => {
      await begin();
      const done = work();
      done.then(resolve, reject);
      if (!isOverlapping) await done.catch(() => undefined);
    });
  });
}

function remember({ hashes }: Witness, handle: string, hash: string): void {
  hashes.set(handle, (hashes.get(handle) ?? new Set()).add(hash));
}
