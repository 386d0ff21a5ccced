import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const PROJECT_ROOT = join(import.meta.dirname, '../../../..');
const START_TIMEOUT_MS = 90_000;

export interface Person {
  readonly username: string;
  readonly password: string;
}

export interface GatehouseServer {
  /** `http://localhost:4321`, the same after a restart. */
  readonly address: string;
  /** The demo users of the first start. */
  readonly people: { readonly user: Person; readonly admin: Person };
  /** As if the machine lost power. */
  readonly kill: () => Promise<void>;
  /** Again, on the same data; nothing if it runs. */
  readonly start: () => Promise<void>;
  /** Runs SQL on the server's own database, past the server: what an administrator or the passing of time may do to it. */
  readonly sql: (statement: string) => void;
}

/** The real server as a process of its own, with a data folder, a database and a port of its own. */
export async function startGatehouse(onCleanup: (clean: () => Promise<void>) => void): Promise<GatehouseServer> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-e2e-'));
  const databaseFile = join(folder, 'gatehouse.db');
  let running: ChildProcess | undefined;

  const kill = async () => {
    const server = running;
    if (!isRunning(server)) return;
    const gone = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGKILL');
    await gone;
  };
  onCleanup(async () => {
    await kill();
    await rm(folder, { recursive: true, force: true });
  });

  const run = (port: string) => {
    running = spawn(process.execPath, ['apps/server/src/main.ts'], {
      cwd: PROJECT_ROOT,
      // Nothing else of this environment: a developer's own settings must not decide what is tested.
      env: {
        PATH: process.env['PATH'],
        // What one server has compiled the next one finds: a start costs a third less.
        NODE_COMPILE_CACHE: join(PROJECT_ROOT, 'node_modules/.cache/compiled'),
        NODE_ENV: 'development',
        SESSION_ENGINE: 'db',
        // A machine that is busy with tests is no fault of the storage.
        SESSION_STORAGE_TIMEOUT: '30',
        DATABASE_URL: `file:${databaseFile}`,
        GATEHOUSE_DATA_DIR: folder,
        PORT: port,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return untilReady(running);
  };

  const first = await run('0');
  return {
    address: first.address,
    people: { user: personIn(first.output, 'user'), admin: personIn(first.output, 'admin') },
    kill,
    async start() {
      if (!isRunning(running)) await run(new URL(first.address).port);
    },
    sql(statement) {
      const database = new DatabaseSync(databaseFile, { timeout: 5_000 });
      database.exec(statement);
      database.close();
    },
  };
}

const isRunning = (server: ChildProcess | undefined): server is ChildProcess => server?.exitCode === null && server.signalCode === null;

function untilReady(server: ChildProcess): Promise<{ address: string; output: string }> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (why: string) => reject(new Error(`${why} It said:\n${output}`));
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

/** The line of the demo user with this role: `  ada      correct-horse   (user)`. */
function personIn(output: string, role: string): Person {
  const [, username, password] = new RegExp(`^\\s+(\\S+)\\s+(\\S+)\\s+\\(${role}\\)`, 'm').exec(output) ?? [];
  if (!username || !password) throw new Error(`The first start printed no demo user with role ${role}:\n${output}`);
  return { username, password };
}
