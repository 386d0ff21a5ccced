import { StorageUnavailableError } from '../../errors.ts';
import type { ScriptName } from '../redis/redis-commands.ts';

type Pipeline = Readonly<Record<ScriptName, (keys: readonly string[], args: readonly string[]) => Pipeline>> & {
  clientId(): Pipeline;
  execAsPipeline(): Promise<unknown[]>;
};

/** The parts of a client used here. It was created with `emitInvalidate`. */
export interface TrackingClient {
  readonly isReady: boolean;
  multi(): Pipeline;
  clientId(): Promise<number>;
  on(event: 'invalidate', listener: (key: Buffer | string | null) => void): unknown;
  on(event: 'error' | 'ready', listener: () => void): unknown;
}

/** A connection that receives Redis' notifications of changes of the keys that were read through it (CLIENT TRACKING). */
export interface TrackedConnection {
  /** `key` undefined: any key may have changed, because Redis was emptied or the connection was lost. */
  onChange(listener: (key: string | undefined) => void): void;
  /** Runs `renewCache`. Returns the number that Redis gave the connection: another one means that it was lost meanwhile. */
  renew(keys: readonly string[], member: string): Promise<unknown>;
}

export const trackedConnection = (client: TrackingClient): TrackedConnection => ({
  onChange(listener) {
    client.on('invalidate', (key) => listener(key === null ? undefined : String(key)));
    for (const event of ['error', 'ready'] as const) client.on(event, () => listener(undefined));
  },

  async renew(keys, member) {
    // The client would queue the pipeline.
    if (!client.isReady) throw new StorageUnavailableError('Redis is not connected.');
    const [connection] = await client.multi().clientId().renewCache(keys, [member]).execAsPipeline();
    return connection;
  },
});
