import { setTimeout as sleep } from 'node:timers/promises';
import { StorageUnavailableError } from '../../errors.ts';
import { CACHE_REPLICATED } from '../cached-db/scripts.ts';
import type { RedisCommands, RunScript, ScriptName } from './redis-commands.ts';
import { isSlotMoving, MOVING_INTERVAL_MS } from './moving-slot.ts';
import { createCommandTimeout } from './command-timeout.ts';
import { redisError } from './redis-unavailable.ts';
import type { TimeLimits } from './time-limits.ts';

/** Commands whose effect must survive a fail-over once they are acknowledged. */
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

/** Executed on the master but not confirmed by replicas, so a fail-over now would undo it. Repeating the command is safe. */
export class NotReplicatedError extends StorageUnavailableError {
  override readonly name = 'NotReplicatedError';
}

type Pipeline = Readonly<Record<ScriptName, (...call: Parameters<RunScript>) => Pipeline>> & {
  wait(replicas: number, timeoutMs: number): Pipeline;
  execAsPipeline(): Promise<unknown[]>;
};

/** The parts of a client used here. `routing` is for a cluster client. */
export interface PipelineSource {
  readonly isReady: boolean;
  multi(routing: string): Pipeline;
  exists(key: string): Promise<number>;
}

/** Another key in the same hash slot: https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags */
const keyInSlotOf = (key: string, name: string): string => (key.includes('{') ? `${key}:${name}` : `{${key}}:${name}`);

const firstOf = ({ keys }: Pick<Call, 'keys'>): string => (typeof keys === 'string' ? keys : (keys[0] ?? ''));

interface Call {
  readonly script: ScriptName;
  readonly keys: string | readonly string[];
  readonly args: readonly (string | number)[];
  /** When to stop retrying while the slot is being moved; time of `performance.now()`. */
  readonly giveUpAt: number;
  readonly isRetry: boolean;
  resolve(reply: unknown): void;
  reject(error: unknown): void;
}

/**
 * Runs scripts that are acknowledged once `replicas` replicas have them, and otherwise fail. WAIT only covers writes of
 * its own connection, and none before a reconnect; so it is sent in one pipeline with the scripts, which is sent or
 * lost as a whole.
 *
 * Calls that arrive while a WAIT is pending share the next one. So with a replica down, a caller waits for at most two
 * of them, however many callers there are. There is a queue for each node; `nodeOf` returns the node of a key.
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
  const withinLimit = createCommandTimeout({ timeoutMs: giveUpMs, message: `Redis did not reply within ${giveUpMs} ms.` });

  function enqueue(call: Call): void {
    const node = nodeOf(firstOf(call));
    const queue = queues.get(node);
    if (queue) return void queue.push(call);
    queues.set(node, [call]);
    void drain(node);
  }

  async function drain(node: string): Promise<void> {
    // Calls of the same tick go together.
    await Promise.resolve();
    for (let batch = queues.get(node) ?? []; batch.length > 0; batch = queues.get(node) ?? []) {
      queues.set(node, []);
      await sendBatch(batch);
    }
    queues.delete(node);
  }

  async function sendBatch(batch: readonly Call[]): Promise<void> {
    try {
      const replies = await send(batch);
      for (const [index, call] of batch.entries()) call.resolve(replies[index]);
    } catch (reason) {
      const { message } = reason as Error;
      const moved = message.startsWith('MOVED ') ? batch.filter(({ isRetry }) => !isRetry) : [];
      const error = redisError(reason);
      // One script met an invalid value. Run each alone to find out which one; repeating the others is safe.
      if (!(error instanceof StorageUnavailableError) && batch.length > 1) {
        for (const call of batch) await sendBatch([call]);
        return;
      }
      // The slot is being moved and arrives in a moment. The batch's other slots do not wait.
      const waiting = isSlotMoving(reason) ? batch.filter(({ giveUpAt }) => performance.now() < giveUpAt) : [];
      for (const call of batch) if (!moved.includes(call) && !waiting.includes(call)) call.reject(error);
      // The client does not redirect a pipeline. It does redirect a single command, and so learns the new slots.
      const [first] = moved;
      if (first) await client.exists(firstOf(first)).catch(() => undefined);
      for (const call of moved) enqueue({ ...call, isRetry: true });
      if (waiting.length === 0) return;
      await sleep(MOVING_INTERVAL_MS);
      for (const call of waiting) await sendBatch([call]);
    }
  }

  async function send(batch: readonly Call[]): Promise<unknown[]> {
    // The client would queue the pipeline.
    if (!client.isReady) throw new StorageUnavailableError('Redis is not connected.');
    const [first] = batch as [Call];
    let pipeline = client.multi(firstOf(first));
    for (const { script, keys, args } of batch) pipeline = pipeline[script](keys, args);
    // A script that was executed by an earlier try writes nothing, and WAIT waits for this connection's last write. So
    // write something.
    pipeline = pipeline.writeNothing(keyInSlotOf(firstOf(first), 'wait'), []);
    const waiting = pipeline.wait(replicas, waitMs);
    const replies = await withinLimit(() => waiting.execAsPipeline());
    const acknowledged = Number(replies.at(-1));
    if (acknowledged < replicas) throw new NotReplicatedError(`${acknowledged} of ${replicas} replicas acknowledged within ${waitMs} ms.`);
    return replies;
  }

  const run =
    (script: ScriptName) =>
    (...[keys, args]: Parameters<RunScript>): Promise<unknown> =>
      new Promise((resolve, reject) =>
        enqueue({ script, keys, args, giveUpAt: performance.now() + movingMs, isRetry: false, resolve, reject }),
      );
  return Object.fromEntries(REPLICATED.map((script) => [script, run(script)])) as unknown as ReplicatedCommands;
}
