import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const PROJECT_ROOT = join(import.meta.dirname, '../../../..');
const START_TIMEOUT_MS = 90_000;

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface GatehouseServer {
  /** For example `http://localhost:4321`. It stays the same after a restart. */
  readonly address: string;
  /** The demo users that the first start creates. */
  readonly users: { readonly user: Credentials; readonly admin: Credentials };
  /** Kills the server without a graceful shutdown. */
  readonly kill: () => Promise<void>;
  /** Starts the server again with the same data, if it is not running. */
  readonly start: () => Promise<void>;
  /** Starts another process of the same server, with the same data and a port of its own. Returns its address. */
  readonly startAnother: () => Promise<string>;
  /** Runs SQL on the server's database, to simulate other clients or the passage of time. For SQLite only. */
  readonly sql: (statement: string) => void;
}

/** Starts the real server as a process with its own data folder, database and port. `env`: more settings. */
export async function startGatehouse(
  onCleanup: (clean: () => Promise<void>) => void,
  env: Readonly<Record<string, string>> = {},
): Promise<GatehouseServer> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-e2e-'));
  const databaseFile = join(folder, 'gatehouse.db');
  let running: ChildProcess | undefined;
  const others: ChildProcess[] = [];

  const kill = () => killProcess(running);
  onCleanup(async () => {
    await Promise.all([kill(), ...others.map(killProcess)]);
    await rm(folder, { recursive: true, force: true });
  });

  const spawnServer = (port: string): ChildProcess =>
    spawn(process.execPath, ['apps/server/src/main.ts'], {
      cwd: PROJECT_ROOT,
      // Do not inherit the environment, because a developer's own settings would affect the tests.
      env: {
        PATH: process.env['PATH'],
        // Shared by all servers, which makes a start faster by a third.
        NODE_COMPILE_CACHE: join(PROJECT_ROOT, 'node_modules/.cache/compiled'),
        NODE_ENV: 'development',
        SESSION_ENGINE: 'db',
        // The machine may be busy with tests.
        SESSION_STORAGE_TIMEOUT: '30',
        DATABASE_URL: `file:${databaseFile}`,
        GATEHOUSE_DATA_DIR: folder,
        PORT: port,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const run = (port: string) => {
    running = spawnServer(port);
    return waitUntilReady(running);
  };

  const first = await run('0');
  return {
    address: first.address,
    users: { user: demoUser(first.output, 'user'), admin: demoUser(first.output, 'admin') },
    kill,
    async start() {
      if (!isRunning(running)) await run(new URL(first.address).port);
    },
    async startAnother() {
      const another = spawnServer('0');
      others.push(another);
      return (await waitUntilReady(another)).address;
    },
    sql(statement) {
      const database = new DatabaseSync(databaseFile, { timeout: 5_000 });
      database.exec(statement);
      database.close();
    },
  };
}

const isRunning = (server: ChildProcess | undefined): server is ChildProcess => server?.exitCode === null && server.signalCode === null;

async function killProcess(server: ChildProcess | undefined): Promise<void> {
  if (!isRunning(server)) return;
  const exited = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGKILL');
  await exited;
}

function waitUntilReady(server: ChildProcess): Promise<{ address: string; output: string }> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (why: string) => reject(new Error(`${why} Its output:\n${output}`));
    const timer = setTimeout(() => fail(`The server was not ready within ${START_TIMEOUT_MS} ms.`), START_TIMEOUT_MS);
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const address = /Gatehouse is ready: (\S+)\n/.exec(output)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve({ address, output });
    };
    server.stdout?.on('data', read);
    server.stderr?.on('data', read);
    server.once('exit', (code) => {
      clearTimeout(timer);
      fail(`The server stopped with code ${String(code)}.`);
    });
  });
}

/** Parses the line of the demo user with this role: `  ada      correct-horse   (user)`. */
function demoUser(output: string, role: string): Credentials {
  const [, username, password] = new RegExp(`^\\s+(\\S+)\\s+(\\S+)\\s+\\(${role}\\)`, 'm').exec(output) ?? [];
  if (!username || !password) throw new Error(`The server printed no demo user with role ${role}:\n${output}`);
  return { username, password };
}
