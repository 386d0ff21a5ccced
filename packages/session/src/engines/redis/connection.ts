import { createClient, createCluster, createSentinel } from 'redis';
import calculateSlot from 'cluster-key-slot';
import { SCRIPTS, type RedisCommands } from './redis-commands.ts';
import type { RedisNode } from './redis-node.ts';
import { RedisOpenError } from './redis-open-error.ts';
import { readRedisUrl, type RedisPlace } from './redis-url.ts';
import { acrossMoves } from './moving-slot.ts';
import { openProblem } from './open-problem.ts';
import { answeredInTime } from './answered-in-time.ts';
import { replicating, type ReplicatedCommands } from './replicated.ts';
import { timeLimits, type TimeLimits } from './time-limits.ts';
import { unlessSilent } from './unless-silent.ts';
import { withTimeout } from '../../with-timeout.ts';

export interface RedisConnection {
  /** Keys lie on several nodes, so a script reaches those of one slot. */
  readonly isCluster: boolean;
  readonly commands: RedisCommands;
  /** What ends a session or takes a right away. */
  readonly replicated: ReplicatedCommands;
  /** An end is acknowledged only when replicas have it. */
  readonly waitsForReplicas: boolean;
  /** The servers that are written to: one, Sentinel's master, or each master of a cluster. */
  nodes(): Promise<readonly RedisNode[]>;
  close(): Promise<void>;
}

/**
 * A command goes out now or fails now: a queue of commands that wait for a server to come back answers nobody in time
 * and eats memory (connect-redis #373). A server that accepts and never answers is noticed by the socket's time limit,
 * with pings so that a quiet connection is not taken for one, once nobody writes to it any more (unless-silent.ts); then the client
 * connects anew, for ever. The library's own strategy gives up after a socket time-out.
 */
const socketWithin = ({ connectMs, silentMs }: TimeLimits) => ({
  connectTimeout: connectMs,
  socketTimeout: silentMs,
  reconnectStrategy: (retries: number) => Math.min(50 * 2 ** Math.min(retries, 5), 1000),
});
// It would tell its name and version, by a command that an account may have no right to: docs/engines.md.
const NODE = { disableOfflineQueue: true, disableClientInfo: true };

/** How long commands that are under way may take when the connection is closed. */
const CLOSE_TIMEOUT_MS = 1000;

/** `timeoutMs`: what a request may cost at most; see time-limits.ts. @throws RedisOpenError */
export async function openRedis(
  url: string,
  { onError, timeoutMs }: { onError?: ((error: Error) => void) | undefined; timeoutMs?: number | undefined } = {},
): Promise<RedisConnection> {
  const place = readRedisUrl(url);
  const limits = timeLimits(timeoutMs);
  const main = await openClient(url, place, limits, onError);
  if ((place.kind === 'server' || place.kind === 'socket') && (await isClusterNode(main)))
    await failWith(main, new RedisOpenError(url, 'it is a node of a cluster. Write redis+cluster:// in place of redis://.'));
  const wait = place.wait ?? (await usualWait(place, main));
  // WAIT holds up whatever else goes over its connection, so it has one of its own.
  const waiting = wait > 0 ? await openClient(url, place, limits, onError).catch((error: unknown) => failWith(main, error)) : undefined;
  const asked = askedVia(main, place, limits);
  const { commands, stop } = unlessSilent(asked, limits, (key) => nodeOf(main, key));
  return {
    isCluster: place.kind === 'cluster',
    commands,
    waitsForReplicas: waiting !== undefined,
    nodes: () => nodesOf(main, place),
    replicated: waiting ? replicating({ client: waiting, replicas: wait, limits, nodeOf: (key) => nodeOf(waiting, key) }) : commands,
    async close() {
      stop();
      await Promise.all((waiting ? [main, waiting] : [main]).map(closeClient));
    },
  };
}

/** With what only one kind of Redis needs. */
function askedVia(client: RedisCommands, { kind }: RedisPlace, limits: TimeLimits): RedisCommands {
  if (kind === 'sentinel') return answeredInTime(client, limits);
  return kind === 'cluster' ? acrossMoves(client, limits) : client;
}

type Client = ReturnType<typeof clientOf>;

async function openClient(
  url: string,
  place: RedisPlace,
  limits: TimeLimits,
  onError: ((error: Error) => void) | undefined,
): Promise<Client> {
  const client = clientOf(place, limits);
  // Without a listener an error of the connection would end the process.
  let lastError: Error | undefined;
  let isOpen = false;
  client.on('error', (said: unknown) => {
    // Of a Sentinel that it asks who is there the library (6.3.1) tells a text.
    const error = said instanceof Error ? said : new Error(String(said));
    lastError = error;
    // Until it is open, the error that is thrown says it all.
    if (isOpen) onError?.(error);
  });
  try {
    await withTimeout(connectAndAsk(client), {
      ms: limits.openMs,
      onTimeout: () => {
        throw lastError ?? new Error('no answer');
      },
    });
  } catch (error) {
    await client.destroy();
    if (place.kind === 'cluster') await explainByOneNode(url, place, limits);
    throw new RedisOpenError(url, await openProblem(error, place, limits.connectMs), { cause: error });
  }
  isOpen = true;
  return client;
}

/** A connection that stands says nothing of who is there: to connect, a server without a password has to answer nothing. */
async function connectAndAsk(client: Client): Promise<void> {
  await client.connect();
  await (client as unknown as RedisCommands).zCount('{gatehouse}:probe', 0, 0);
}

/** The library says of a cluster only that none of its nodes will do. @throws RedisOpenError */
async function explainByOneNode(
  url: string,
  place: Extract<RedisPlace, { kind: 'server' | 'cluster' }>,
  limits: TimeLimits,
): Promise<void> {
  const client = await openClient(url, { ...place, kind: 'server' }, limits, undefined);
  const isNode = await isClusterNode(client);
  await client.destroy();
  if (!isNode) throw new RedisOpenError(url, 'it is a server by itself and no cluster. Write redis:// without +cluster.');
}

/** Not by the probe: its slot may be there. Where asking is not allowed, the answer is no. */
const isClusterNode = (client: Client): Promise<boolean> =>
  (client as unknown as { info(section: string): Promise<string> }).info('cluster').then(
    (text) => text.includes('cluster_enabled:1'),
    () => false,
  );

/** A command that hangs would keep the process from ending. */
async function closeClient(client: Client): Promise<void> {
  const closed = Promise.resolve(client.close()).then(() => true);
  if (!(await withTimeout(closed, { ms: CLOSE_TIMEOUT_MS, onTimeout: () => false }))) await client.destroy();
}

async function failWith(client: Client, error: unknown): Promise<never> {
  await client.destroy();
  throw error;
}

/** Sentinel is there to fail over to a replica; a cluster may have none, and knows, of those that are down as well. */
async function usualWait({ kind }: RedisPlace, client: Client): Promise<number> {
  if (kind !== 'cluster') return kind === 'sentinel' ? 1 : 0;
  const nodes = await (client as unknown as { clusterNodes(): Promise<string> }).clusterNodes();
  return /\bslave\b/.test(nodes) ? 1 : 0;
}

/** The master that has this key. */
const nodeOf = (client: Client, key: string): string => ('slots' in client ? client.slots[calculateSlot(key)]?.master.address : '') ?? '';

function clientOf(place: RedisPlace, limits: TimeLimits) {
  const { username, password, database, tls } = place;
  const socket = tls ? { ...socketWithin(limits), tls: true as const } : socketWithin(limits);
  const node = {
    ...NODE,
    pingInterval: limits.pingMs,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
  };
  switch (place.kind) {
    case 'server': {
      const [{ host, port }] = place.nodes;
      return createClient({ ...node, database, socket: { ...socket, host, port }, scripts: SCRIPTS });
    }
    case 'socket':
      return createClient({ ...node, database, socket: { ...socketWithin(limits), path: place.path }, scripts: SCRIPTS });
    case 'cluster':
      return createCluster({
        rootNodes: place.nodes.map((address) => ({ socket: { ...socket, ...address } })),
        defaults: { ...node, socket },
        // A node that is gone is nobody's redirection: the others are asked who has its slots. The library waits five seconds.
        topologyRefreshOnReconnectionAttemptStrategy: 300,
        scripts: SCRIPTS,
      });
    case 'sentinel':
      return createSentinel({
        name: place.master,
        sentinelRootNodes: [...place.nodes],
        nodeClientOptions: { ...node, database, socket },
        sentinelClientOptions: { socket },
        // Commands fail at once while there is no master; how soon a new one is found is what counts.
        scanInterval: 500,
        scripts: SCRIPTS,
      });
  }
}

/** The servers behind a client that are written to. */
async function nodesOf(client: Client, place: RedisPlace): Promise<RedisNode[]> {
  if ('masters' in client)
    return Promise.all(
      client.masters.map(async (master) => {
        const node = await client.nodeClient(master);
        return { name: master.address, send: (words: readonly string[]) => node.sendCommand(words) };
      }),
    );
  if ('acquire' in client)
    return [{ name: place.kind === 'sentinel' ? place.master : '', send: (words) => client.sendCommand(false, [...words]) }];
  return [{ name: nameOf(place), send: (words) => client.sendCommand(words) }];
}

function nameOf(place: RedisPlace): string {
  if (place.kind === 'socket') return place.path;
  const [{ host, port }] = place.nodes;
  return `${host}:${port}`;
}
