import { execFile } from 'node:child_process';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MARIADB, POSTGRESQL, sampleSession, stopwatch, tcpProxy, temporaryDatabase, temporaryUrl } from '../../testing/index.ts';
import { DatabaseOpenError } from '../database-open-error.ts';
import { openDatabase } from '../open-database.ts';

async function problem(url: string | URL): Promise<string> {
  const tookMs = stopwatch();
  const error = await openDatabase(String(url)).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DatabaseOpenError);
  expect(tookMs()).toBeLessThan(6000);
  const { message } = error as DatabaseOpenError;
  expect(message).not.toContain('s3cret');
  return message;
}

/** Starts a TCP server and returns its port. */
async function listening(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe.each([MARIADB, POSTGRESQL])('$name', (on) => {
  describe.skipIf(!on.available)('opening', () => {
    async function own(change: (url: URL) => void): Promise<URL> {
      const url = new URL(await temporaryUrl(on));
      change(url);
      return url;
    }

    test('an unreachable or wrong server is an error that names the fix', { timeout: 60_000 }, async () => {
      const silent = await listening(createServer());
      const redis = await listening(createServer((socket) => socket.on('data', () => socket.write('-ERR unknown command\r\n'))));
      const web = await listening(createHttpServer((_req, res) => res.end()));
      const at = (port: number) => own((url) => (url.port = String(port)));
      expect(await problem(await at(1))).toContain('nothing listens on 127.0.0.1 port 1. Start');
      expect(await problem(await at(silent))).toMatch(/port \d+ is not .* but something else\. Correct host and port/);
      expect(await problem(await at(redis))).toContain('but Redis. Correct host and port');
      expect(await problem(await at(web))).toContain('but a web server. Correct host and port');
      expect(await problem(await own((url) => (url.hostname = 'no-such-host.invalid')))).toContain('there is no host no-such-host.invalid');
    });

    test('a hanging server is reported within the timeout', async () => {
      const url = new URL(await temporaryUrl(on));
      const proxy = await tcpProxy({ host: '127.0.0.1', port: Number(url.port) });
      onTestFinished(() => proxy.close());
      await proxy.set('hang');
      url.port = String(proxy.port);
      expect(await problem(url)).toContain('is not');
    });

    test('each refusal of the server is an error that names the fix', async () => {
      expect(await problem(await own((url) => (url.pathname = '/no_such_database')))).toContain(
        'the server has no database no_such_database. Create it',
      );
      const denied = await own((url) => {
        url.username = 'nobody_at_all';
        url.password = 's3cret';
      });
      expect(await problem(denied)).toMatch(/refuses this user and password|refuses connections of this user from this address/);
    });

    test('an invalid address is rejected before connecting', async () => {
      const scheme = on.provider;
      expect(await problem(`${scheme}://root:s3cret@host`)).toContain('it names no database. Add its name');
      expect(await problem(`${scheme}://root:s3cret@ho st:1/x`)).toContain('it is not an address');
      expect(await problem(`${scheme}://root:s3cret%@host/x`)).toContain('Write %25 for a percent sign');
      expect(await problem(`${scheme}://root:s3cret@host/x?pool=5`)).toContain('it has unknown parameters (pool). The known ones are');
      expect(await problem(`${scheme}://root:s3cret@host/x?connection_limit=0`)).toContain('connection_limit must be a whole number');
    });

    test('a socket file without a server is named in the error', async () => {
      const url = await own((it) => it.searchParams.set(on.provider === 'mysql' ? 'socket' : 'host', '/nowhere'));
      expect(await problem(url)).toMatch(/no (MySQL or MariaDB|PostgreSQL) server answers at \/nowhere/);
    });

    test('times do not depend on the time zone of the process', async () => {
      const { url, prisma } = await temporaryDatabase({ on });
      const at = '2026-03-29T01:30:00.007Z';
      const script = `
        import { openDatabase } from ${JSON.stringify(join(import.meta.dirname, '../open-database.ts'))};
        const { prisma, close } = await openDatabase(process.argv[1]);
        const at = new Date(${JSON.stringify(at)});
        const row = { ...JSON.parse(process.argv[2]), createdAt: at, renewedAt: at, lastActivityAt: at, expiresAt: at };
        await prisma.session.create({ data: row });
        const [raw] = await prisma.$queryRaw\`SELECT expires_at FROM gatehouse_session WHERE expires_at = \${at}\`;
        console.log(raw.expires_at.toISOString(), (await prisma.session.findFirst()).createdAt.toISOString());
        await close();`;
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--input-type=module', '-e', script, url, JSON.stringify(sampleSession())],
        {
          env: { ...process.env, TZ: 'Asia/Kolkata' },
        },
      );
      expect(stdout.trim()).toBe(`${at} ${at}`);
      expect((await prisma.session.findFirst())?.expiresAt.toISOString()).toBe(at);
    });

    test('closing ends all connections, can be repeated, and does not wait for hanging ones', async () => {
      const url = new URL(await temporaryUrl(on));
      const proxy = await tcpProxy({ host: '127.0.0.1', port: Number(url.port) });
      onTestFinished(() => proxy.close());
      url.port = String(proxy.port);
      const database = await openDatabase(url.href);
      await Promise.all(Array.from({ length: 5 }, () => database.prisma.$queryRaw`SELECT 1`));
      await proxy.set('hang');
      const tookMs = stopwatch();
      await database.close();
      await database.close();
      expect(tookMs()).toBeLessThan(3000);
    });
  });
});

test.skipIf(!MARIADB.available || !POSTGRESQL.available)(
  'an error names the actual product if MariaDB and PostgreSQL are mixed up',
  async () => {
    const [mysql, postgresql] = [new URL(await temporaryUrl(MARIADB)), new URL(await temporaryUrl(POSTGRESQL))];
    [mysql.port, postgresql.port] = [postgresql.port, mysql.port];
    expect(await problem(mysql)).toContain('is not MySQL or MariaDB but PostgreSQL. Correct');
    expect(await problem(postgresql)).toContain('is not PostgreSQL but MySQL or MariaDB. Correct');
  },
);
