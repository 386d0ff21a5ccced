import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { childEnvironment } from '@gatehouse/settings';
import { InvalidArgumentError, Option } from 'commander';
import { command } from '../command.ts';
import { Failure } from '../failure.ts';

/** An app cannot import another one, so the server is a process of its own. */
const SERVER = join(import.meta.dirname, '../../../server/src/main.ts');

interface ServeOptions {
  readonly port?: string;
  readonly host?: string;
}

export const serve = () =>
  command('serve', {
    description:
      'Start the server of this repository, with the web app, until SIGTERM or Ctrl+C. Unlike `pnpm start`, it builds nothing, and says what is missing.',
    examples: [
      ['gatehouse serve', 'at HOST and PORT'],
      ['gatehouse serve --port 3001 --host 0.0.0.0', 'at another port, reachable from other machines'],
    ],
    json: false,
  })
    .addOption(new Option('--port <number>', 'the port to listen on; 0: any free port (default: PORT)').argParser(port))
    .option('--host <address>', 'the address to listen on (default: HOST)')
    .action(async ({ port: PORT, host: HOST }: ServeOptions) => {
      if (!existsSync(SERVER))
        throw new Failure('NO_SERVER', 'The server of the repository is not in this installation. Start the server of your app instead.');
      process.exitCode = await runServer({ ...(PORT !== undefined && { PORT }), ...(HOST !== undefined && { HOST }) });
    });

function port(text: string): string {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return text;
  throw new InvalidArgumentError('Expected a port from 0 to 65535.');
}

/** SIGUSR2 is the server's own. */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2'] as const;

/** Resolves to the exit code of the server. Signals of this process reach the server, which decides what they mean. */
function runServer(changes: Readonly<Record<string, string>>): Promise<number> {
  const server = spawn(process.execPath, [SERVER], { stdio: 'inherit', env: childEnvironment(changes) });
  const passOn = (signal: NodeJS.Signals): void => {
    // A terminal sends Ctrl+C to both processes. The second SIGINT would make the server stop without draining.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) server.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, passOn);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code, signal) => {
      for (const one of SIGNALS) process.off(one, passOn);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
