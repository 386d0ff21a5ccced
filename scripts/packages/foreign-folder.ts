import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../prisma/testing/free-port.ts';
import { root } from './published.ts';

/** A folder outside of this workspace, with what `npm install` has put there. */
export interface ForeignFolder {
  readonly path: string;
  /** A command in it, with this Node first on the path. @throws with all that it has written */
  run(command: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
  /** Starts `node file` as a server and waits until it listens. */
  serve(file: string, env?: Readonly<Record<string, string>>): Promise<RunningServer>;
  /** The same folder, with another Node. */
  under(node: string): ForeignFolder;
  remove(): void;
}

export interface RunningServer {
  readonly url: string;
  /** Sends SIGTERM. @returns the exit code; null: the process did not handle the signal */
  stop(): Promise<number | null>;
}

/** A fresh copy of `tests/foreign/<name>`, installed with npm: our packages from `registryUrl`, all others from the public registry. */
export async function openForeignFolder(name: string, registryUrl: string): Promise<ForeignFolder> {
  const path = mkdtempSync(join(tmpdir(), `gatehouse-${name}-`));
  const folder = foreignFolder(path);
  try {
    cpSync(join(root, 'tests/foreign', name), path, { recursive: true, filter: (source) => !/[/\\]node_modules([/\\]|$)/.test(source) });
    writeFileSync(join(path, '.npmrc'), npmSettings(registryUrl));
    await folder.run('npm', ['install']);
    return folder;
  } catch (error) {
    folder.remove();
    throw error;
  }
}

/** The lines of `.npmrc` with which npm gets our packages from `registryUrl`, and all others from its cache if they are there. */
export const npmSettings = (registryUrl: string): string =>
  [
    `@gatehouse:registry=${registryUrl}`,
    'prefer-offline=true',
    'audit=false',
    'fund=false',
    'update-notifier=false',
    'loglevel=error',
    '',
  ].join('\n');

/** @param node the program. @default the one that runs this */
export function foreignFolder(path: string, node: string = process.execPath): ForeignFolder {
  const environment = (extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
    ...Object.fromEntries(Object.entries(process.env).filter(([variable]) => !/^(npm_|pnpm_|NODE_OPTIONS$|NODE_PATH$)/i.test(variable))),
    PATH: [dirname(node), process.env['PATH']].join(delimiter),
    SESSION_SECRET: 'a secret of thirty-two characters or more',
    ...extra,
  });

  async function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
    try {
      return (await promisify(execFile)(command, [...args], { cwd: path, env: environment(env), timeout: 240_000 })).stdout;
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`${command} ${args.join(' ')}: ${stdout}${stderr || String(error)}`.trim(), { cause: error });
    }
  }

  async function serve(file: string, env: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
    const port = await freePort();
    const child = spawn(node, [file], { cwd: path, env: environment({ ...env, PORT: String(port) }) });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const stop = async (): Promise<number | null> => {
      if (!hasEnded(child)) {
        const ended = once(child, 'exit');
        child.kill();
        await ended;
      }
      return child.exitCode;
    };
    while (!(await isListening(port))) {
      if (hasEnded(child)) throw new Error(`node ${file} has ended:\n${output}`);
      await sleep(50);
    }
    return { url: `http://127.0.0.1:${port}`, stop };
  }

  return {
    path,
    run,
    serve,
    under: (other) => foreignFolder(path, other),
    remove: () => existsSync(path) && rmSync(path, { recursive: true, force: true }),
  };
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(socket.destroy() !== undefined));
    socket.once('error', () => resolve(false));
  });
