import { setTimeout as sleep } from 'node:timers/promises';
import { StorageUnavailableError } from '../../errors.ts';
import { CACHE_REPLICATED } from '../cached-db/scripts.ts';
import type { RedisCommands, RunScript, ScriptName } from './redis-commands.ts';
import { isSlotOnItsWay, MOVING_INTERVAL_MS } from './moving-slot.ts';
import { createPatience } from './patience.ts';
import { redisError } from './redis-unavailable.ts';
import { sameSlot } from './same-slot.ts';
import type { TimeLimits } from './time-limits.ts';

/** What must survive a fail-over once it is acknowledged. */
export type ReplicatedCommands = Pick<RedisCommands, (typeof REPLICATED)[number]>;

const REPLICATED = [
  'endSession',
  'raiseFloor',
  'writeSession',
  'claimSession',
  'changeUser',
  'refuseAdoption',
  'keepShardKey',
  ...CACHE_REPLICATED,
] as const satisfies readonly ScriptName[];

/** Done on the master, and not known to be anywhere else: a fail-over at this moment would undo it. Doing it again is right. */
export class NotReplicatedError extends StorageUnavailableError {
  override readonly name = 'NotReplicatedError';
}

type Pipeline = Readonly<Record<ScriptName, (...call: Parameters<RunScript>) => Pipeline>> & {
  wait(replicas: number, timeoutMs: number): Pipeline;
  execAsPipeline(): Promise<unknown[]>;
};

/** A client as far as it is needed here; `routing` is for a cluster's. */
export interface PipelineSource {
  readonly isReady: boolean;
  multi(routing: string): Pipeline;
  exists(key: string): Promise<number>;
}

const firstOf = ({ keys }: Pick<Call, 'keys'>): string => (typeof keys === 'string' ? keys : (keys[0] ?? ''));

interface Call {
  readonly script: ScriptName;
  readonly keys: string | readonly string[];
  readonly args: readonly (string | number)[];
  /** When to give up a slot that is being moved; performance.now's. */
  readonly giveUpAt: number;
  readonly isSecond: boolean;
  resolve(reply: unknown): void;
  reject(error: unknown): void;
}

/**
 * Scripts that are acknowledged when as many replicas have them, else are an error. WAIT speaks of its own connection's
 * writes alone, and after a reconnection of none: so it leaves in one pipeline with them, which is sent or lost whole.
 *
 * One WAIT for all that came while the last one was waiting: with a replica away, each caller waits for two of them at
 * most, however many callers there are. `nodeOf`: whoever has the key; each waits by itself.
 */
export function replicating({
  client,
  replicas,
  limits: { waitMs, giveUpMs, movingMs },
  nodeOf,
}: {
  client: PipelineSource;
  replicas: number;
  limits: TimeLimits;
  nodeOf: (key: string) => string;
}): ReplicatedCommands {
  const queues = new Map<string, Call[]>();
  const inTime = createPatience({ forMs: giveUpMs, otherwise: `Redis has not answered within ${giveUpMs} ms.` });

  function enqueue(call: Call): void {
    const node = nodeOf(firstOf(call));
    const queue = queues.get(node);
    if (queue) return void queue.push(call);
    queues.set(node, [call]);
    void drain(node);
  }

  async function drain(node: string): Promise<void> {
    // What is asked for in the same breath goes together.
    await Promise.resolve();
    for (let batch = queues.get(node) ?? []; batch.length > 0; batch = queues.get(node) ?? []) {
      queues.set(node, []);
      await settle(batch);
    }
    queues.delete(node);
  }

  async function settle(batch: readonly Call[]): Promise<void> {
    try {
      const replies = await send(batch);
      for (const [index, call] of batch.entries()) call.resolve(replies[index]);
    } catch (reason) {
      const { message } = reason as Error;
      const moved = message.startsWith('MOVED ') ? batch.filter(({ isSecond }) => !isSecond) : [];
      const error = redisError(reason);
      // One of them met a value that is not ours; which one shows when each goes alone. Doing it again is right.
      if (!(error instanceof StorageUnavailableError) && batch.length > 1) {
        for (const call of batch) await settle([call]);
        return;
      }
      // A slot on its way to another node: it is there in a moment. The other slots of the batch are not held up.
      const waiting = isSlotOnItsWay(reason) ? batch.filter(({ giveUpAt }) => performance.now() < giveUpAt) : [];
      for (const call of batch) if (!moved.includes(call) && !waiting.includes(call)) call.reject(error);
      // A pipeline is not redirected; a single command is, and the client learns who has the slots.
      const [first] = moved;
      if (first) await client.exists(firstOf(first)).catch(() => undefined);
      for (const call of moved) enqueue({ ...call, isSecond: true });
      if (waiting.length === 0) return;
      await sleep(MOVING_INTERVAL_MS);
      for (const call of waiting) await settle([call]);
    }
  }

  async function send(batch: readonly Call[]): Promise<unknown[]> {
    // A pipeline would be kept for later.
    if (!client.isReady) throw new StorageUnavailableError('Redis is not connected.');
    const [first] = batch as [Call];
    let pipeline = client.multi(firstOf(first));
    for (const { script, keys, args } of batch) pipeline = pipeline[script](keys, args);
    // A script that finds its work done, by an earlier try, writes nothing; WAIT counts from this connection's last write.
    pipeline = pipeline.writeNothing(sameSlot(firstOf(first), 'wait'), []);
    const waiting = pipeline.wait(replicas, waitMs);
    const replies = await inTime(() => waiting.execAsPipeline());
    const acknowledged = Number(replies.at(-1));
    if (acknowledged < replicas)
      throw new NotReplicatedError(`${acknowledged} of ${replicas} replicas have acknowledged within ${waitMs} ms.`);
    return replies;
  }

  const run =
    (script: ScriptName) =>
    (...[keys, args]: Parameters<RunScript>): Promise<unknown> =>
      new Promise((resolve, reject) =>
        enqueue({ script, keys, args, giveUpAt: performance.now() + movingMs, isSecond: false, resolve, reject }),
      );
  return Object.fromEntries(REPLICATED.map((script) => [script, run(script)])) as unknown as ReplicatedCommands;
}
