import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import {
  hasPrivate,
  makeCertificates,
  MARIADB,
  startPrivate,
  temporaryFolder,
  temporaryUrl,
  type PrivateServer,
} from '../../testing/index.ts';
import { openDatabase } from '../open-database.ts';

/** The error message of opening, which must be one line without secrets. */
async function problem(url: string | URL): Promise<string> {
  const error = await openDatabase(String(url)).then(
    (database) => database.close().then(() => new Error('It was opened.')),
    (reason: unknown) => reason,
  );
  const { message } = error as Error;
  expect(message).not.toMatch(/s3cret|\n/);
  return message;
}

const otherAuthority = (): string => makeCertificates(temporaryFolder(), { names: 'DNS:elsewhere' }).ca;

describe.skipIf(!hasPrivate('postgresql'))('PostgreSQL with TLS', () => {
  let server: PrivateServer;
  beforeAll(async () => void (server = await startPrivate('postgresql')), 60_000);
  afterAll(async () => server.stop());

  const at = (parameters: string, host = 'localhost'): string =>
    `postgresql://postgres:s3cret@${host}:${server.port}/postgres${parameters}`;

  async function encrypted(url: string): Promise<unknown> {
    const { prisma, close } = await openDatabase(url);
    const rows = await prisma.$queryRaw<{ ssl: boolean }[]>`SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`;
    await close();
    return rows[0]?.ssl;
  }

  test('the effect of each sslmode', async () => {
    const { ca } = server;
    expect(await encrypted(at(''))).toBe(false);
    expect(await encrypted(at('?sslmode=disable'))).toBe(false);
    for (const asked of ['sslmode=verify-full&', 'sslmode=require&', ''])
      expect(await encrypted(at(`?${asked}sslrootcert=${ca}`))).toBe(true);
    expect(await encrypted(at(`?sslmode=verify-ca&sslrootcert=${ca}`, '127.0.0.1'))).toBe(true);
    expect(await encrypted(at('?sslmode=no-verify', '127.0.0.1'))).toBe(true);
  });

  test('an untrusted certificate is an error that names the fix', async () => {
    const untrusted =
      /certificate is not signed by an authority that this machine trusts \([A-Z_]+\)\. Add the authority .* sslrootcert=\/path\/ca\.pem\.$/;
    expect(await problem(at('?sslmode=require'))).toMatch(untrusted);
    expect(await problem(at(`?sslmode=verify-ca&sslrootcert=${otherAuthority()}`))).toMatch(untrusted);
    expect(await problem(at(`?sslrootcert=${server.ca}`, '127.0.0.1'))).toMatch(
      /does not name 127\.0\.0\.1\. Use .* sslmode=verify-ca&sslrootcert=/,
    );
  });

  test('an invalid mode, or one without its file, is rejected before connecting', async () => {
    expect(await problem(at('?sslmode=prefer'))).toContain('sslmode must be one of disable, require, verify-ca, verify-full, no-verify.');
    expect(await problem(at('?sslmode=verify-ca'))).toContain('add sslrootcert=/path/ca.pem.');
    expect(await problem(at('?sslrootcert=/nowhere.pem'))).toContain('the file that sslrootcert names cannot be read: /nowhere.pem.');
  });

  async function open() {
    const { prisma, close } = await openDatabase(at(''));
    onTestFinished(close);
    return async (...settings: string[]): Promise<void> => {
      for (const sql of [...settings, 'SELECT pg_reload_conf()']) await prisma.$executeRaw(Object.assign([sql], { raw: [sql] }));
    };
  }

  test('channel_binding=require only authenticates with channel binding', async () => {
    const { ca } = server;
    const set = await open();
    await set(
      "CREATE ROLE bound LOGIN PASSWORD 's3cret'",
      `COPY (SELECT 'local all all trust' UNION ALL SELECT 'host all postgres all trust' UNION ALL SELECT 'host all bound all scram-sha-256') TO PROGRAM 'cat > pg_hba.conf'`,
    );
    const as = (user: string, parameters: string): string => at(parameters).replace('postgres:s3cret', `${user}:s3cret`);
    await expect.poll(async () => problem(as('bound', '').replace('s3cret', 'wr0ng')), { timeout: 10_000 }).toContain('refuses this user');
    for (const binding of ['require', 'prefer', 'disable'])
      expect(await encrypted(as('bound', `?sslrootcert=${ca}&channel_binding=${binding}`))).toBe(true);
    // A server that does not require a password proves nothing.
    expect(await problem(at(`?sslrootcert=${ca}&channel_binding=require`))).toContain('does not support channel binding');
    expect(await problem(as('bound', '?channel_binding=require'))).toContain('Add sslmode=verify-full.');
    expect(await problem(as('bound', '?channel_binding=yes'))).toContain('must be one of disable, prefer, require');
  });

  test('socket files do not use TLS', async () => {
    expect(await encrypted(`${at('')}?host=${dirname(server.ca)}&sslmode=require`)).toBe(false);
    expect(await problem(`${at('')}?host=/nowhere`)).toContain('no PostgreSQL server answers at /nowhere');
  });

  test('a server that requires TLS, and one without TLS, are errors that name the fix', async () => {
    const set = await open();
    await set("COPY (SELECT 'hostssl all all 127.0.0.1/32 trust') TO PROGRAM 'cat > pg_hba.conf'");
    await expect
      .poll(async () => problem(at('')), { timeout: 10_000 })
      .toMatch(/or accepts them only with TLS\. .* add sslmode=verify-full/);
    await set("COPY (SELECT 'host all all 127.0.0.1/32 trust') TO PROGRAM 'cat > pg_hba.conf'", 'ALTER SYSTEM SET ssl = off');
    await expect
      .poll(async () => problem(at('?sslmode=require')), { timeout: 10_000 })
      .toContain('has no TLS. Turn it on there (ssl = on)');
  });
});

describe.skipIf(!hasPrivate('mariadb'))('MariaDB with TLS', () => {
  let server: PrivateServer;
  beforeAll(async () => void (server = await startPrivate('mariadb')), 60_000);
  afterAll(async () => server.stop());

  const at = (parameters: string, { host = 'localhost', user = 'root' } = {}): string =>
    `mysql://${user}@${host}:${server.port}/mysql${parameters}`;

  async function encrypted(url: string): Promise<boolean> {
    const { prisma, close } = await openDatabase(url);
    const rows = await prisma.$queryRaw<{ Value: string }[]>`SHOW STATUS LIKE 'Ssl_cipher'`;
    await close();
    return rows[0]?.Value !== '';
  }

  test('each name of the socket parameter connects through the socket file', async () => {
    for (const name of ['socket', 'unix_socket', 'socketPath'])
      expect(await encrypted(`mysql://root@/mysql?${name}=${dirname(server.ca)}/socket`)).toBe(false);
  });

  test('the effect of each value of ssl', async () => {
    const { ca } = server;
    expect(await encrypted(at(''))).toBe(false);
    expect(await encrypted(at('?ssl=false'))).toBe(false);
    for (const asked of ['ssl=true&', '']) expect(await encrypted(at(`?${asked}sslca=${ca}`))).toBe(true);
    expect(await encrypted(at(`?ssl=verify-ca&sslca=${ca}`, { host: '127.0.0.1' }))).toBe(true);
    expect(await encrypted(at('?ssl=no-verify', { host: '127.0.0.1' }))).toBe(true);
  });

  test('an untrusted certificate is an error that names the fix', async () => {
    const untrusted = /certificate is not signed by an authority that this machine trusts.* sslca=\/path\/ca\.pem\.$/;
    expect(await problem(at('?ssl=true'))).toMatch(untrusted);
    expect(await problem(at(`?ssl=verify-ca&sslca=${otherAuthority()}`))).toMatch(untrusted);
    expect(await problem(at(`?sslca=${server.ca}`, { host: '127.0.0.1' }))).toMatch(
      /does not name 127\.0\.0\.1\. Use .* ssl=verify-ca&sslca=/,
    );
  });

  test('an invalid value, or one without its file, is rejected before connecting', async () => {
    expect(await problem(at('?ssl=yes'))).toContain('ssl must be one of false, true, verify-ca, no-verify.');
    expect(await problem(at('?ssl=verify-ca'))).toContain('add sslca=/path/ca.pem.');
    expect(await problem(at('?sslca=/nowhere.pem'))).toContain('the file that sslca names cannot be read: /nowhere.pem.');
  });

  test('a user and a server that require TLS are errors that name the fix', async () => {
    const { prisma, close } = await openDatabase(at(`?sslca=${server.ca}`));
    onTestFinished(close);
    await prisma.$executeRaw`CREATE USER careful@'%' IDENTIFIED BY 's3cret' REQUIRE SSL`;
    await prisma.$executeRaw`GRANT SELECT ON *.* TO careful@'%'`;
    const user = 'careful:s3cret';
    expect(await problem(at('', { user }))).toContain(
      'refuses this user and password. Correct them in DATABASE_URL; a user that requires TLS needs ssl=true',
    );
    expect(await encrypted(at(`?sslca=${server.ca}`, { user }))).toBe(true);
    await prisma.$executeRaw`SET GLOBAL require_secure_transport = ON`;
    // MariaDB 11 and later state the reason.
    expect(await problem(at(''))).toMatch(/requires TLS\. Add to DATABASE_URL: ssl=true&sslca=|requires TLS needs ssl=true/);
    await prisma.$executeRaw`SET GLOBAL require_secure_transport = OFF`;
  });
});

/** A fake MariaDB server that requests the password in plain text and records what it receives. */
async function pretender(tls: { certificate: string; key: string } | undefined): Promise<{ port: number; received: () => string }> {
  let received = '';
  const own = tls && { isServer: true, cert: readFileSync(tls.certificate), key: readFileSync(tls.key) };
  const server = createServer((socket: Socket) => {
    socket.on('error', () => undefined);
    socket.write(greeting({ takesTls: tls !== undefined }));
    socket.once('readable', () => {
      // Only the request for TLS, nothing that follows it.
      if (socket.read(36) === null || !own) return;
      const secure = new TLSSocket(socket, own);
      secure.on('error', () => undefined);
      secure.on('data', (chunk: Buffer) => {
        received += chunk.toString('latin1');
        socket.destroy();
      });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, received: () => received };
}

/** https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_v10.html */
function greeting({ takesTls }: { takesTls: boolean }): Buffer {
  const PROTOCOL_41 = 0x0200,
    SSL = 0x0800,
    SECURE_CONNECTION = 0x8000,
    PLUGIN_AUTH = 0x0008;
  const body = Buffer.concat([
    Buffer.from('\u000a5.5.5-11.8.0-MariaDB\0', 'latin1'),
    Buffer.from([1, 0, 0, 0]),
    Buffer.from('8 bytes.\0', 'latin1'),
    words(PROTOCOL_41 | SECURE_CONNECTION | (takesTls ? SSL : 0)),
    Buffer.from([45, 2, 0]),
    words(PLUGIN_AUTH),
    Buffer.from([21]),
    Buffer.alloc(10),
    Buffer.from('12 more byte\0mysql_clear_password\0', 'latin1'),
  ]);
  return Buffer.concat([Buffer.from([body.length, 0, 0, 0]), body]);
}

const words = (value: number): Buffer => Buffer.from([value & 0xff, value >> 8]);

test('no password is sent to a server with an untrusted certificate', async () => {
  const folder = temporaryFolder();
  const other = makeCertificates(folder, { names: 'DNS:localhost' });
  const { port, received } = await pretender(other);
  for (const asked of ['ssl=true', `sslca=${otherAuthority()}`, `ssl=verify-ca&sslca=${otherAuthority()}`])
    expect(await problem(`mysql://root:s3cret@localhost:${port}/gatehouse?${asked}`)).toMatch(
      /certificate is not signed by an authority that this machine trusts/,
    );
  expect(received()).toBe('');
  // With no-verify, the same server receives the password.
  await problem(`mysql://root:s3cret@localhost:${port}/gatehouse?ssl=no-verify`);
  expect(received()).toContain('s3cret');
});

test('a MySQL or MariaDB server without TLS is an error that names the fix', async () => {
  const { port } = await pretender(undefined);
  expect(await problem(`mysql://root:s3cret@localhost:${port}/gatehouse?ssl=true`)).toContain('the server has no TLS. Turn it on there');
});

test.skipIf(MARIADB.name !== 'MySQL')('MySQL: without TLS, a caching_sha2_password is only sent to this machine', async () => {
  const url = new URL(await temporaryUrl(MARIADB));
  const { prisma, close } = await openDatabase(url.href);
  onTestFinished(close);
  const user = `u${port(url)}${Date.now()}`;
  await prisma.$executeRaw(raw(`CREATE USER ${user}@'%' IDENTIFIED WITH caching_sha2_password BY 's3cret'`));
  onTestFinished(async () => void (await prisma.$executeRaw(raw(`DROP USER ${user}@'%'`))));
  await prisma.$executeRaw(raw(`GRANT ALL ON ${url.pathname.slice(1)}.* TO ${user}@'%'`));
  url.username = user;
  url.password = 's3cret';
  await openDatabase(url.href).then((database) => database.close());
  // The server caches passwords that it has verified once.
  await prisma.$executeRaw`FLUSH PRIVILEGES`;
  url.hostname = '[::ffff:127.0.0.1]';
  expect(await problem(url)).toContain('(caching_sha2_password) that is only safe with TLS. Add to DATABASE_URL: ssl=true&sslca=');
});

const port = (url: URL): string => url.port;
const raw = (sql: string): TemplateStringsArray => Object.assign([sql], { raw: [sql] });
