import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { makeCertificates, type Certificates } from './certificates.ts';
import { freePort } from './free-port.ts';

/** A database server for one test, with TLS for the name `localhost`. */
export interface PrivateServer extends Certificates {
  readonly port: number;
  /** Stops the server and removes its folder. */
  stop(): Promise<void>;
}

interface Program {
  /** The folder of its programs; undefined if they are not installed. */
  readonly folder: string | undefined;
  /** The account that runs the server if the tests run as root, which it refuses. */
  readonly account: string;
  /** Initializes the data folder. `settings` are appended to a file in it. */
  install(folder: string): { command: string; args: string[] };
  /** Copies the data folder of a server, so that the new one becomes its replica. */
  copy?(folder: string, primaryPort: number): { command: string; args: string[] };
  readonly settings?: { readonly file: string; readonly text: string };
  run(folder: string, port: number, files: Certificates): { command: string; args: string[] };
  readonly ready: string;
}

const MARIADBD = onPath('mariadbd', ['/usr/sbin']);
/** Debian installs each version in its own folder outside of PATH. */
const POSTGRES =
  globSync('/usr/lib/postgresql/*/bin/postgres')
    .map((file) => join(file, '..'))
    .toSorted((a, b) => a.localeCompare(b, undefined, { numeric: true }))
    .at(-1) ?? onPath('postgres', []);

const PROGRAMS: Readonly<Record<'mariadb' | 'postgresql', Program>> = {
  mariadb: {
    folder: MARIADBD,
    account: 'mysql',
    install: (folder) => ({
      command: 'mariadb-install-db',
      args: ['--no-defaults', `--datadir=${folder}/data`, '--auth-root-authentication-method=normal', '--skip-test-db'],
    }),
    run: (folder, port, { ca, certificate, key }) => ({
      command: join(MARIADBD ?? '', 'mariadbd'),
      args: [
        '--no-defaults',
        `--datadir=${folder}/data`,
        `--socket=${folder}/socket`,
        `--pid-file=${folder}/pid`,
        `--port=${port}`,
        '--bind-address=127.0.0.1',
        `--ssl-ca=${ca}`,
        `--ssl-cert=${certificate}`,
        `--ssl-key=${key}`,
      ],
    }),
    ready: 'ready for connections',
  },
  postgresql: {
    folder: POSTGRES,
    account: 'postgres',
    install: (folder) => ({
      command: join(POSTGRES ?? '', 'initdb'),
      args: ['-D', `${folder}/data`, '-A', 'trust', '-U', 'postgres', '--no-sync', '--no-instructions'],
    }),
    copy: (folder, port) => ({
      command: join(POSTGRES ?? '', 'pg_basebackup'),
      args: [
        '-D',
        `${folder}/data`,
        '-R',
        '-c',
        'fast',
        '--no-sync',
        '-d',
        `host=127.0.0.1 port=${port} user=postgres application_name=standby`,
      ],
    }),
    // In the file and not on the command line, so that a test can change it.
    settings: { file: 'postgresql.conf', text: 'ssl = on\n' },
    run: (folder, port, { certificate, key }) => ({
      command: join(POSTGRES ?? '', 'postgres'),
      args: [
        '-D',
        `${folder}/data`,
        `--port=${port}`,
        '--listen_addresses=127.0.0.1',
        `--unix_socket_directories=${folder}`,
        '--fsync=off',
        `--ssl_cert_file=${certificate}`,
        `--ssl_key_file=${key}`,
      ],
    }),
    // A replica accepts "read-only connections".
    ready: 'ready to accept ',
  },
};

/** Whether this machine has the server and openssl. Otherwise tests that need them are skipped; with `CI` set, this throws. */
export function hasPrivate(product: keyof typeof PROGRAMS): boolean {
  if (PROGRAMS[product].folder !== undefined && onPath('openssl', []) !== undefined) return true;
  const text = `THIS MACHINE LACKS the ${product} server, or openssl, for tests that start one of their own.`;
  if (process.env['CI']) throw new Error(`${text} Under CI a missing part fails the run.`);
  console.warn(`\n${text}\nThey are skipped.\n`);
  return false;
}

/** `replicaOf`: the port of a server of which the new one becomes a replica; only for PostgreSQL. */
export async function startPrivate(
  product: keyof typeof PROGRAMS,
  { replicaOf }: { readonly replicaOf?: number } = {},
): Promise<PrivateServer> {
  const { account, install, copy, settings, run, ready } = PROGRAMS[product];
  const folder = mkdtempSync(join(tmpdir(), `gatehouse-${product}-`));
  const files = makeCertificates(folder, { names: 'DNS:localhost' });
  const identity = process.getuid?.() === 0 ? accountIds(account) : {};
  if ('uid' in identity) spawnSync('chown', ['-R', account, folder]);
  const making = (replicaOf !== undefined && copy?.(folder, replicaOf)) || install(folder);
  const made = spawnSync(making.command, making.args, { ...identity, cwd: folder, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`${making.command}: ${made.stdout}${made.stderr}${made.error?.message ?? ''}`);
  // A copy has them already.
  if (settings && replicaOf === undefined) appendFileSync(join(folder, 'data', settings.file), settings.text);
  const port = await freePort();
  const { command, args } = run(folder, port, files);
  const child = spawn(command, args, { ...identity, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(child, 'exit');
  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes(ready)) resolve();
    });
    exited.then(() => reject(new Error(`${command} ended:\n${output}`)), reject);
  });
  return {
    ...files,
    port,
    async stop() {
      // An immediate shutdown including children for PostgreSQL; the same as SIGTERM for MariaDB.
      child.kill('SIGQUIT');
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await exited;
      clearTimeout(timer);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function accountIds(account: string): { uid: number; gid: number } {
  const id = (flag: string): number => Number(spawnSync('id', [flag, account], { encoding: 'utf8' }).stdout);
  return { uid: id('-u'), gid: id('-g') };
}

function onPath(program: string, more: readonly string[]): string | undefined {
  return [...(process.env['PATH'] ?? '').split(delimiter), ...more].find((folder) => existsSync(join(folder, program)));
}
