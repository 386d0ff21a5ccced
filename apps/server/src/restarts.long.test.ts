import { randomBytes } from 'node:crypto';
import { createAccounts } from '@gatehouse/accounts';
import { openDatabase } from '@gatehouse/prisma';
import { migratedDatabase, SQLITE } from '@gatehouse/prisma/testing';
import { freePort } from '@gatehouse/prisma/testing/free-port';
import { expect, test, vi } from 'vitest';
import { DEPLOYED_HOST, installedProxies, startDeployedProxy } from '../test-support/deployed-proxy.ts';
import { proxyClient, startLoad } from '../test-support/proxy-load.ts';
import { addUser, PASSWORD } from '../test-support/running-app.ts';
import { startServer, temporaryFolder } from '../test-support/server-process.ts';

const STREAMS = 4;

// At the same time, because they mostly wait for the drain.
test.concurrent.each(installedProxies())(
  'behind %s as deploy/ configures it, two servers that restart one after the other under load lose no request and no stream',
  async (name) => {
    await using folder = await temporaryFolder();
    const database = await migratedDatabase(SQLITE);
    const opened = await openDatabase(database.url);
    await addUser(createAccounts({ database: opened, hashing: { memoryKib: 1024, passes: 1 } }), { username: 'ada' });
    await opened.close();

    const ports = [await freePort(), await freePort()] as const;
    const env = {
      NODE_ENV: 'production',
      PUBLIC_URL: `https://${DEPLOYED_HOST}`,
      TRUST_PROXY: 'loopback',
      HOST: '127.0.0.1',
      SESSION_SECRET: randomBytes(32).toString('base64url'),
      DATABASE_URL: database.url,
      // Not what this is about: a busy machine is late with queries.
      SESSION_STORAGE_TIMEOUT: '30',
      LOG_LEVEL: 'info',
    };
    const start = (port: number) => startServer(folder.path, { ...env, PORT: String(port) });
    const servers = ports.map(start);
    try {
      await Promise.all(servers.map(({ ready }) => ready));
      await using proxy = await startDeployedProxy(name, ports);
      const client = proxyClient(proxy);
      const signIn = await client.call({ method: 'POST', path: '/trpc/auth.login', body: { identifier: 'ada', password: PASSWORD } });
      expect(signIn).toMatchObject({ status: 200, cookie: expect.any(String) });

      await using load = startLoad(client, { cookie: signIn.cookie ?? '', connections: 6, streams: STREAMS });
      await load.answered(100);
      for (const [index, port] of ports.entries()) {
        const { child, exited } = servers[index]!;
        child.kill('SIGTERM');
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        expect(await exited).toBe(0);
        // oxlint-disable-next-line no-await-in-loop
        await load.answered(100);
        servers[index] = start(port);
        // oxlint-disable-next-line no-await-in-loop
        await servers[index].ready;
        // Until the proxy uses it again: the next one must not stop before.
        const { output } = servers[index];
        // oxlint-disable-next-line no-await-in-loop
        await vi.waitFor(() => expect(output()).toContain('POST /trpc/'), { timeout: 60_000, interval: 20 });
      }
      const sent = await load.stop();
      client.close();
      console.log(`${name}: ${sent} requests, ${load.streamsOpened()} streams, ${load.failures.length} failed.`);
      expect(
        load.failures,
        proxy
          .log()
          .split('\n')
          .filter((line) => !line.includes('refused'))
          .slice(-30)
          .join('\n'),
      ).toEqual([]);
      // Each stream was on a server that stopped.
      expect(load.streamsOpened()).toBeGreaterThanOrEqual(2 * STREAMS);
    } finally {
      for (const { child } of servers) child.kill('SIGTERM');
      await Promise.all(servers.map(({ exited }) => exited));
      await database.drop();
    }
  },
);
