import { openRedis } from './connection.ts';
import type { RedisNode } from './redis-node.ts';

/** Facts that a Redis server reports about itself. */
export interface RedisNodeFacts {
  readonly name: string;
  /** `INFO` by field; empty if the account may not use it. */
  readonly info: ReadonlyMap<string, string>;
  /** `CONFIG GET save`; undefined if the account may not use it, as on most managed servers. */
  readonly save: string | undefined;
  /** `CONFIG GET min-replicas-to-write`; undefined likewise. */
  readonly minReplicasToWrite: number | undefined;
  /** `CLUSTER INFO` by field; empty if it is not a cluster. */
  readonly cluster: ReadonlyMap<string, string>;
  /** Whether the account may use what a near cache needs: `CLIENT TRACKING` and `CLIENT ID`. undefined: not tried. */
  readonly canTrack: boolean | undefined;
  /** `TIME` in epoch milliseconds, with our clock before and after; undefined if the account may not use it. */
  readonly clock: { readonly askedAtMs: number; readonly theirsMs: number; readonly answeredAtMs: number } | undefined;
}

export interface RedisFactsOptions {
  /** Epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
  /** Also tries the commands of a near cache, which an account without one need not be allowed to use. Default: false. */
  readonly asksTracking?: boolean;
}

/**
 * Reads facts from each server that accepts writes, over a connection that is closed afterwards. Changes nothing. Facts
 * that the account may not read are left out.
 * @throws RedisOpenError
 */
export async function readRedisFacts(
  url: string,
  { now = Date.now, asksTracking = false }: RedisFactsOptions = {},
): Promise<readonly RedisNodeFacts[]> {
  const redis = await openRedis(url);
  try {
    return await Promise.all((await redis.nodes()).map((node) => factsOf(node, { now, asksTracking })));
  } finally {
    await redis.close();
  }
}

async function factsOf(node: RedisNode, { now, asksTracking }: Required<RedisFactsOptions>): Promise<RedisNodeFacts> {
  const info = fields(await undefinedIfRefused(node.send(['INFO'])));
  const [clock, save, minReplicas, canTrack, cluster] = await Promise.all([
    readClock(node, now),
    configValue(node, 'save'),
    configValue(node, 'min-replicas-to-write'),
    asksTracking ? readRights(node) : undefined,
    info.get('cluster_enabled') === '1' ? undefinedIfRefused(node.send(['CLUSTER', 'INFO'])) : undefined,
  ]);
  return {
    name: node.name,
    info,
    save,
    minReplicasToWrite: minReplicas === undefined ? undefined : Number(minReplicas),
    canTrack,
    cluster: fields(cluster),
    clock,
  };
}

/** Changes nothing: this connection does not track. */
async function readRights(node: RedisNode): Promise<boolean> {
  const replies = await Promise.all([
    undefinedIfRefused(node.send(['CLIENT', 'TRACKING', 'OFF'])),
    undefinedIfRefused(node.send(['CLIENT', 'ID'])),
  ]);
  return !replies.includes(undefined);
}

async function readClock(node: RedisNode, now: () => number): Promise<RedisNodeFacts['clock']> {
  const askedAtMs = now();
  const reply = await undefinedIfRefused(node.send(['TIME']));
  const answeredAtMs = now();
  if (!Array.isArray(reply)) return undefined;
  const [seconds, microseconds] = reply.map(Number);
  return { askedAtMs, theirsMs: (seconds ?? 0) * 1000 + (microseconds ?? 0) / 1000, answeredAtMs };
}

async function configValue(node: RedisNode, name: string): Promise<string | undefined> {
  const reply = await undefinedIfRefused(node.send(['CONFIG', 'GET', name]));
  // RESP3 returns a map, RESP2 pairs.
  const value: unknown = Array.isArray(reply)
    ? reply[1]
    : reply instanceof Map
      ? reply.get(name)
      : (reply as Record<string, unknown>)?.[name];
  return typeof value === 'string' ? value : undefined;
}

/** The account may lack the right to a command, and managed servers rename or remove some. */
const undefinedIfRefused = (reply: Promise<unknown>): Promise<unknown> => reply.catch(() => undefined);

const fields = (text: unknown): ReadonlyMap<string, string> =>
  new Map(
    (typeof text === 'string' ? text : '')
      .split(/\r?\n/)
      .filter((line) => line.includes(':') && !line.startsWith('#'))
      .map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
