import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

export interface Pgbouncer {
  /** The address for connecting to a database through pgbouncer. */
  through(url: string): string;
  stop(): Promise<void>;
}

/** Whether this machine has pgbouncer. Without it, tests that need it are skipped; with `CI` set, this throws. */
export function hasPgbouncer(): boolean {
  if (!spawnSync('pgbouncer', ['--version']).error) return true;
  const text = 'THIS MACHINE LACKS pgbouncer, for tests of PostgreSQL behind it.';
  if (process.env['CI']) throw new Error(`${text} Under CI a missing part fails the run.`);
  console.warn(`\n${text}\nThey are skipped.\n`);
  return false;
}

/**
 * Starts pgbouncer in front of a server, with one connection per database, so that clients share it. `settings` are lines of its
 * configuration, such as `pool_mode=session`. Otherwise it uses Debian's defaults in transaction mode.
 */
export async function startPgbouncer(server: string, settings: readonly string[] = []): Promise<Pgbouncer> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-pgbouncer-'));
  const port = await freePort();
  const { hostname, port: serverPort, username, password } = new URL(server);
  const target = [`host=${hostname}`, `port=${serverPort}`, `user=${username}`, ...(password ? [`password=${password}`] : [])].join(' ');
  const lines = ['listen_addr=127.0.0.1', `listen_port=${port}`, 'auth_type=any', 'unix_socket_dir=', 'default_pool_size=1'];
  const mode = settings.some((line) => line.startsWith('pool_mode')) ? [] : ['pool_mode=transaction'];
  writeFileSync(join(folder, 'ini'), ['[databases]', `* = ${target}`, '[pgbouncer]', ...lines, ...mode, ...settings, ''].join('\n'));
  // pgbouncer refuses to run as root.
  const identity = process.getuid?.() === 0 ? { uid: idOfNobody('-u'), gid: idOfNobody('-g') } : {};
  if ('uid' in identity) spawnSync('chown', ['-R', 'nobody', folder]);
  const child = spawn('pgbouncer', [join(folder, 'ini')], { ...identity, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(child, 'exit');
  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('process up')) resolve();
    });
    exited.then(() => reject(new Error(`pgbouncer ended:\n${output}`)), reject);
  });
  return {
    through(url) {
      const address = new URL(url);
      address.port = String(port);
      return address.href;
    },
    async stop() {
      child.kill('SIGKILL');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const idOfNobody = (flag: string): number => Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout);
