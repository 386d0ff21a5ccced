import { openRedis } from './connection.ts';
import type { RedisNode } from './redis-node.ts';

/** What a server of Redis says of itself. */
export interface RedisNodeFacts {
  readonly name: string;
  /** `INFO`, by field; empty where it may not be asked. */
  readonly info: ReadonlyMap<string, string>;
  /** `CONFIG GET` of `save`; undefined where it may not be asked, as on most managed servers. */
  readonly save: string | undefined;
  /** `CONFIG GET` of `min-replicas-to-write`, likewise. */
  readonly minReplicasToWrite: number | undefined;
  /** `CLUSTER INFO`, by field; empty where it is no cluster. */
  readonly cluster: ReadonlyMap<string, string>;
  /** `TIME` in epoch milliseconds, and our clock before and after; undefined where it may not be asked. */
  readonly clock: { readonly askedAtMs: number; readonly theirsMs: number; readonly answeredAtMs: number } | undefined;
}

/**
 * Asks each server that is written to, on a connection of its own that is closed again. Changes nothing. What may not be asked is left out.
 * @throws RedisOpenError
 */
export async function readRedisFacts(url: string, { now = Date.now }: { now?: () => number } = {}): Promise<readonly RedisNodeFacts[]> {
  const redis = await openRedis(url);
  try {
    return await Promise.all((await redis.nodes()).map((node) => factsOf(node, now)));
  } finally {
    await redis.close();
  }
}

async function factsOf(node: RedisNode, now: () => number): Promise<RedisNodeFacts> {
  const info = fields(await unlessRefused(node.send(['INFO'])));
  const [clock, save, minReplicas, cluster] = await Promise.all([
    readClock(node, now),
    configValue(node, 'save'),
    configValue(node, 'min-replicas-to-write'),
    info.get('cluster_enabled') === '1' ? unlessRefused(node.send(['CLUSTER', 'INFO'])) : undefined,
  ]);
  return {
    name: node.name,
    info,
    save,
    minReplicasToWrite: minReplicas === undefined ? undefined : Number(minReplicas),
    cluster: fields(cluster),
    clock,
  };
}

async function readClock(node: RedisNode, now: () => number): Promise<RedisNodeFacts['clock']> {
  const askedAtMs = now();
  const reply = await unlessRefused(node.send(['TIME']));
  const answeredAtMs = now();
  if (!Array.isArray(reply)) return undefined;
  const [seconds, microseconds] = reply.map(Number);
  return { askedAtMs, theirsMs: (seconds ?? 0) * 1000 + (microseconds ?? 0) / 1000, answeredAtMs };
}

async function configValue(node: RedisNode, name: string): Promise<string | undefined> {
  const reply = await unlessRefused(node.send(['CONFIG', 'GET', name]));
  // A map in RESP3, pairs in RESP2.
  const value: unknown = Array.isArray(reply)
    ? reply[1]
    : reply instanceof Map
      ? reply.get(name)
      : (reply as Record<string, unknown>)?.[name];
  return typeof value === 'string' ? value : undefined;
}

/** An account may lack the right to a command, and managed servers rename or remove some: an error that Redis itself sent is an answer, too. */
const unlessRefused = (reply: Promise<unknown>): Promise<unknown> => reply.catch(() => undefined);

const fields = (text: unknown): ReadonlyMap<string, string> =>
  new Map(
    (typeof text === 'string' ? text : '')
      .split(/\r?\n/)
      .filter((line) => line.includes(':') && !line.startsWith('#'))
      .map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
