import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, createCluster, createSentinel } from 'redis';
import { RedisOpenError } from './redis-open-error.ts';
import { readRedisUrl, type RedisPlace } from './redis-url.ts';
import { CACHE_SCRIPTS } from '../cached-db/scripts.ts';
import { SCRIPTS as SESSION_SCRIPTS } from './scripts.ts';

const SCRIPTS = { ...SESSION_SCRIPTS, ...CACHE_SCRIPTS };

type ScriptName = keyof typeof SCRIPTS;

/** What the engine asks of Redis: the same of one server, of Sentinel's master and of a cluster. */
export type RedisCommands = Readonly<Record<ScriptName, (key: string, args: readonly (string | number)[]) => Promise<unknown>>> & {
  zRange(key: string, min: string | number, max: string | number, options?: ZRangeOptions): Promise<string[]>;
  zCount(key: string, min: string | number, max: string | number): Promise<number>;
  get(key: string): Promise<string | null>;
  mGet(keys: string[]): Promise<(string | null)[]>;
  incr(key: string): Promise<number>;
  del(key: string): Promise<number>;
  pTTL(key: string): Promise<number>;
  set(
    key: string,
    value: string,
    options?: { GET?: true; condition?: 'NX'; expiration?: { type: 'PX'; value: number } },
  ): Promise<string | null>;
};

export interface ZRangeOptions {
  readonly BY?: 'SCORE' | 'LEX';
  readonly LIMIT?: { offset: number; count: number };
}

export interface RedisConnection {
  /** Keys lie on several nodes, so a script reaches one record and no index. */
  readonly isCluster: boolean;
  readonly commands: RedisCommands;
  close(): Promise<void>;
}

/**
 * A command goes out now or fails now: a queue of commands that wait for a server to come back answers nobody in time
 * and eats memory (connect-redis #373). A server that accepts and never answers is noticed by the socket's time limit,
 * with pings so that a quiet connection is not taken for one; then the client connects anew, for ever. The library's
 * own strategy gives up after a socket time-out.
 */
const SOCKET = {
  connectTimeout: 1000,
  socketTimeout: 800,
  reconnectStrategy: (retries: number) => Math.min(50 * 2 ** Math.min(retries, 5), 1000),
};
const NODE = { disableOfflineQueue: true, pingInterval: 300 };

/** How long the first connection may take before the start is given up. */
const OPEN_TIMEOUT_MS = 3000;

/** How long commands that are under way may take when the connection is closed. */
const CLOSE_TIMEOUT_MS = 1000;

/** @throws RedisOpenError */
export async function openRedis(
  url: string,
  { onError }: { onError?: ((error: Error) => void) | undefined } = {},
): Promise<RedisConnection> {
  const place = readRedisUrl(url);
  const client = clientOf(place);
  // Without a listener an error of the connection would end the process.
  let lastError: Error | undefined;
  let isOpen = false;
  client.on('error', (error: Error) => {
    lastError = error;
    // Until it is open, the error that is thrown says it all.
    if (isOpen) onError?.(error);
  });
  try {
    await Promise.race([client.connect(), late(() => lastError)]);
    await (client as unknown as RedisCommands).zCount('{gatehouse}:probe', 0, 0);
  } catch (error) {
    await client.destroy();
    throw new RedisOpenError(url, openProblem(error), { cause: error });
  }
  isOpen = true;
  return {
    isCluster: place.kind === 'cluster',
    commands: client as unknown as RedisCommands,
    // A command that hangs would keep the process from ending.
    async close() {
      const closed = Promise.resolve(client.close()).then(() => true);
      if (!(await Promise.race([closed, sleep(CLOSE_TIMEOUT_MS, false)]))) await client.destroy();
    },
  };
}

function clientOf(place: RedisPlace) {
  const { username, password, database, nodes, tls } = place;
  const socket = tls ? { ...SOCKET, tls: true as const } : SOCKET;
  const node = { ...NODE, ...(username !== undefined && { username }), ...(password !== undefined && { password }) };
  switch (place.kind) {
    case 'server':
      return createClient({ ...node, database, socket: { ...socket, ...nodes[0] }, scripts: SCRIPTS });
    case 'cluster':
      return createCluster({
        rootNodes: nodes.map((address) => ({ socket: { ...socket, ...address } })),
        defaults: { ...node, socket },
        scripts: SCRIPTS,
      });
    case 'sentinel':
      return createSentinel({
        name: place.master,
        sentinelRootNodes: [...nodes],
        nodeClientOptions: { ...node, database, socket },
        sentinelClientOptions: { socket },
        // Commands fail at once while there is no master; how soon a new one is found is what counts.
        scanInterval: 500,
        scripts: SCRIPTS,
      });
  }
}

const late = (cause: () => Error | undefined): Promise<never> =>
  new Promise((_, reject) => setTimeout(() => reject(cause() ?? new Error('no answer')), OPEN_TIMEOUT_MS).unref());

function openProblem(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  if (code === 'ECONNREFUSED') return 'nothing listens there. Start Redis, or set REDIS_URL to where it runs.';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the host is not known. Set REDIS_URL to one that is.';
  if (code === undefined && /Socket timeout|Connection timeout|^no answer$/i.test(message))
    return 'something listens there and does not answer. Check that it is Redis, and that it is not stopped or overloaded.';
  if (/WRONGPASS|NOAUTH|NOPERM/.test(message))
    return 'it refuses the user name or password. Put the right ones into REDIS_URL, percent-encoded.';
  if (/Protocol|unexpected|Cannot parse|reply/i.test(message)) return 'what answers there is not Redis. Check host and port of REDIS_URL.';
  return `${message}. Check REDIS_URL, and that Redis runs and answers.`;
}
