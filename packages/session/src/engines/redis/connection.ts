import { createClient, createCluster, createSentinel } from 'redis';
import calculateSlot from 'cluster-key-slot';
import { SCRIPTS, type RedisCommands } from './redis-commands.ts';
import type { RedisNode } from './redis-node.ts';
import { RedisOpenError } from './redis-open-error.ts';
import { readRedisUrl, type RedisTarget } from './redis-url.ts';
import { retryWhileSlotMoves } from './moving-slot.ts';
import { explainOpenError } from './explain-open-error.ts';
import { withCommandTimeout } from './command-timeout.ts';
import { replicating, type ReplicatedCommands } from './replicated.ts';
import { timeLimits, type TimeLimits } from './time-limits.ts';
import { withCircuitBreaker } from './circuit-breaker.ts';
import { withTimeout } from '../../with-timeout.ts';
import { trackedConnection, type TrackedConnection, type TrackingClient } from '../near-cache/tracked-connection.ts';

export interface RedisConnection {
  /** undefined unless asked for. */
  readonly tracked: TrackedConnection | undefined;
  /** Keys are spread over several nodes, so a script can only use the keys of one slot. */
  readonly isCluster: boolean;
  readonly commands: RedisCommands;
  /** Commands that end a session or revoke a right. */
  readonly replicated: ReplicatedCommands;
  /** Whether `replicated` waits for replicas before it acknowledges. */
  readonly waitsForReplicas: boolean;
  /** The servers that accept writes: a single server, Sentinel's master, or each master of a cluster. */
  nodes(): Promise<readonly RedisNode[]>;
  /** Receives the messages of a channel until the returned function is called. Resubscribes after a lost connection. */
  subscribe: SubscribeToChannel;
  close(): Promise<void>;
}

export type SubscribeToChannel = (channel: string, onMessage: (message: string) => void) => Promise<() => Promise<void>>;

/**
 * A command is sent now or fails now: commands that are queued until a server is back would not be executed in
 * time and would use memory (connect-redis #373). The socket's timeout detects a server that accepts commands and never
 * replies; pings keep an idle connection from timing out, and circuit-breaker.ts stops the writes that would restart
 * the timeout. The client reconnects without a limit. The library's default strategy gives up after a socket timeout.
 */
const socketOptions = ({ connectMs, silentMs }: TimeLimits) => ({
  connectTimeout: connectMs,
  socketTimeout: silentMs,
  reconnectStrategy: (retries: number) => Math.min(50 * 2 ** Math.min(retries, 5), 1000),
});
/**
 * No time limit per command in the client: it makes an AbortSignal for each one, which stays in memory until the limit has passed (5 s by
 * default). Under load, collecting them took a seventh of the processor time. Every caller has a time limit: `withDeadline`, `timeLimits`.
 */
const COMMANDS = { timeout: 0 };

// Without `disableClientInfo`, the client sends its name and version with a command that the account may not have a right to:
// docs/engines.md.
const NODE = { disableOfflineQueue: true, disableClientInfo: true, commandOptions: COMMANDS };

/** How long commands in flight may take when the connection is closed. */
const CLOSE_TIMEOUT_MS = 1000;

interface OpenOptions {
  readonly onError?: ((error: Error) => void) | undefined;
  /** How long a request may wait for Redis; see time-limits.ts. */
  readonly timeoutMs?: number | undefined;
  /** Whether Redis reports changes of the keys that are read through `commands` (CLIENT TRACKING). Only on a single server. */
  readonly isTracked?: boolean;
}

/** Opens a connection. @throws RedisOpenError */
export async function openRedis(url: string, { onError, timeoutMs, isTracked = false }: OpenOptions = {}): Promise<RedisConnection> {
  const target = readRedisUrl(url);
  const limits = timeLimits(timeoutMs);
  const main = await openClient(url, target, limits, onError, isTracked);
  if ((target.kind === 'server' || target.kind === 'socket') && (await isClusterNode(main)))
    await closeAndThrow(main, new RedisOpenError(url, 'it is a node of a cluster. Use redis+cluster:// instead of redis://.'));
  const wait = target.wait ?? (await defaultWait(target, main));
  // WAIT blocks its connection, so it has its own.
  const waiting =
    wait > 0 ? await openClient(url, target, limits, onError).catch((error: unknown) => closeAndThrow(main, error)) : undefined;
  const asked = commandsFor(main, target, limits);
  const { commands, stop } = withCircuitBreaker(asked, limits, (key) => nodeOf(main, key));

  /** A connection with a subscription takes no commands, so it has its own. After a fail-over, its node is looked up again. */
  async function subscribe(channel: string, onMessage: (message: string) => void): Promise<() => Promise<void>> {
    const client = await openClient(url, target, limits, onError);
    try {
      await withTimeout(client.subscribe(channel, onMessage), {
        ms: limits.openMs,
        onTimeout: () => {
          throw new RedisOpenError(url, 'it did not confirm a subscription.');
        },
      });
    } catch (error) {
      await closeAndThrow(client, error);
    }
    return () => Promise.resolve(client.destroy()).then(() => undefined);
  }

  return {
    subscribe,
    tracked: isTracked ? trackedConnection(main) : undefined,
    isCluster: target.kind === 'cluster',
    commands,
    waitsForReplicas: waiting !== undefined,
    nodes: () => nodesOf(main, target),
    replicated: waiting ? replicating({ client: waiting, replicas: wait, limits, nodeOf: (key) => nodeOf(waiting, key) }) : commands,
    async close() {
      stop();
      await Promise.all((waiting ? [main, waiting] : [main]).map(closeClient));
    },
  };
}

/** Adds what one kind of Redis needs. */
function commandsFor(client: RedisCommands, { kind }: RedisTarget, limits: TimeLimits): RedisCommands {
  if (kind === 'sentinel') return withCommandTimeout(client, limits);
  return kind === 'cluster' ? retryWhileSlotMoves(client, limits) : client;
}

type Client = ReturnType<typeof clientOf>;

async function openClient(
  url: string,
  target: RedisTarget,
  limits: TimeLimits,
  onError: ((error: Error) => void) | undefined,
  isTracked = false,
): Promise<Client> {
  const client = clientOf(target, limits, isTracked);
  // Without a listener an 'error' event would end the process.
  let lastError: Error | undefined;
  let isOpen = false;
  client.on('error', (said: unknown) => {
    // The library (6.3.1) emits a string for errors of the Sentinels that it queries.
    const error = said instanceof Error ? said : new Error(String(said));
    lastError = error;
    // Before it is open, the thrown error reports it.
    if (isOpen) onError?.(error);
  });
  try {
    await withTimeout(connectAndAsk(client, isTracked), {
      ms: limits.openMs,
      onTimeout: () => {
        throw lastError ?? new Error('no reply');
      },
    });
  } catch (error) {
    await client.destroy();
    if (target.kind === 'cluster') await explainByOneNode(url, target, limits);
    throw new RedisOpenError(url, await explainOpenError(error, target, limits.connectMs), { cause: error });
  }
  isOpen = true;
  return client;
}

/** Being connected proves little: a server without a password sends nothing while connecting. So send a command. */
async function connectAndAsk(client: Client, isTracked: boolean): Promise<void> {
  await client.connect();
  // Report now if the account may not run CLIENT ID.
  if (isTracked) await (client as unknown as TrackingClient).clientId();
  await (client as unknown as RedisCommands).zCount('{gatehouse}:probe', 0, 0);
}

/** The library only reports that no node of a cluster works, so connect to one node to find out why. @throws RedisOpenError */
async function explainByOneNode(
  url: string,
  target: Extract<RedisTarget, { kind: 'server' | 'cluster' }>,
  limits: TimeLimits,
): Promise<void> {
  const client = await openClient(url, { ...target, kind: 'server' }, limits, undefined);
  const isNode = await isClusterNode(client);
  await client.destroy();
  if (!isNode) throw new RedisOpenError(url, 'it is a single server, not a cluster. Use redis:// without +cluster.');
}

/** The probe cannot tell, because its slot may be on this node. If INFO is not allowed, assume it is not a cluster node. */
const isClusterNode = (client: Client): Promise<boolean> =>
  (client as unknown as { info(section: string): Promise<string> }).info('cluster').then(
    (text) => text.includes('cluster_enabled:1'),
    () => false,
  );

/** A command that hangs would keep the process running. */
async function closeClient(client: Client): Promise<void> {
  const closed = Promise.resolve(client.close()).then(() => true);
  if (!(await withTimeout(closed, { ms: CLOSE_TIMEOUT_MS, onTimeout: () => false }))) await client.destroy();
}

async function closeAndThrow(client: Client, error: unknown): Promise<never> {
  await client.destroy();
  throw error;
}

/** Sentinel always has a replica to fail over to. A cluster may have none; it also lists replicas that are down. */
async function defaultWait({ kind }: RedisTarget, client: Client): Promise<number> {
  if (kind !== 'cluster') return kind === 'sentinel' ? 1 : 0;
  const nodes = await (client as unknown as { clusterNodes(): Promise<string> }).clusterNodes();
  return /\bslave\b/.test(nodes) ? 1 : 0;
}

/** Address of the master that has this key. */
const nodeOf = (client: Client, key: string): string => ('slots' in client ? client.slots[calculateSlot(key)]?.master.address : '') ?? '';

function clientOf(target: RedisTarget, limits: TimeLimits, isTracked: boolean) {
  const { username, password, database, tls } = target;
  const socket = tls ? { ...socketOptions(limits), tls: true as const } : socketOptions(limits);
  const node = {
    ...NODE,
    pingInterval: limits.pingMs,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
  };
  switch (target.kind) {
    case 'server': {
      const [{ host, port }] = target.nodes;
      return createClient({ ...node, database, socket: { ...socket, host, port }, scripts: SCRIPTS, emitInvalidate: isTracked });
    }
    case 'socket':
      return createClient({
        ...node,
        database,
        socket: { ...socketOptions(limits), path: target.path },
        scripts: SCRIPTS,
        emitInvalidate: isTracked,
      });
    case 'cluster':
      return createCluster({
        rootNodes: target.nodes.map((address) => ({ socket: { ...socket, ...address } })),
        defaults: { ...node, socket },
        commandOptions: COMMANDS,
        // No node redirects to a dead node, so refresh the topology early. The library's default is five seconds.
        topologyRefreshOnReconnectionAttemptStrategy: 300,
        scripts: SCRIPTS,
      });
    case 'sentinel':
      return createSentinel({
        name: target.master,
        sentinelRootNodes: [...target.nodes],
        nodeClientOptions: { ...node, database, socket },
        commandOptions: COMMANDS,
        sentinelClientOptions: { socket },
        // Commands fail at once while there is no master, so look for a new one often.
        scanInterval: 500,
        scripts: SCRIPTS,
      });
  }
}

/** The servers behind a client that accept writes. */
async function nodesOf(client: Client, target: RedisTarget): Promise<RedisNode[]> {
  if ('masters' in client)
    return Promise.all(
      client.masters.map(async (master) => {
        const node = await client.nodeClient(master);
        return { name: master.address, send: (words: readonly string[]) => node.sendCommand(words) };
      }),
    );
  if ('acquire' in client)
    return [{ name: target.kind === 'sentinel' ? target.master : '', send: (words) => client.sendCommand(false, [...words]) }];
  return [{ name: nameOf(target), send: (words) => client.sendCommand(words) }];
}

function nameOf(target: RedisTarget): string {
  if (target.kind === 'socket') return target.path;
  const [{ host, port }] = target.nodes;
  return `${host}:${port}`;
}
