import { Client, type PoolConfig } from 'pg';
import type { Listen } from '../database.ts';

/** How long the server may take to close a connection. */
const CLOSE_TIMEOUT_MS = 1000;

/** Properties of the client that its types leave out. */
interface Internals {
  readonly connection: { readonly stream: { destroy(): void } };
}

/**
 * Receives the notifications of a channel on a connection of its own, because the pool lends its connections to others
 * (https://www.postgresql.org/docs/current/sql-listen.html).
 */
export const listenWith =
  (config: PoolConfig): Listen =>
  async (channel, { onMessage, onLost }) => {
    const client = new ((config.Client as typeof Client | undefined) ?? Client)(config);
    let isClosing = false;
    const ended = new Promise<void>((resolve) => void client.once('end', resolve));
    // Each error that loses the connection is followed by `end`. Without a listener it would end the process.
    client.on('error', () => undefined);
    client.on('notification', ({ payload = '' }) => {
      if (!isClosing) onMessage(payload);
    });

    async function close(): Promise<void> {
      isClosing = true;
      client.end().catch(() => undefined);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_TIMEOUT_MS)));
      await Promise.race([ended, late]);
      clearTimeout(timer);
      (client as unknown as Internals).connection.stream.destroy();
    }

    try {
      await client.connect();
      await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
    } catch (error) {
      await close();
      throw error;
    }
    void ended.then(() => isClosing || onLost());
    return close;
  };
