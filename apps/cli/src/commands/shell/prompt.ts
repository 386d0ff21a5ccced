import { once } from 'node:events';
import { join } from 'node:path';
import { start } from 'node:repl';
import { engineEntry } from '@gatehouse/session/registry';
import { prepareDataFolder, SettingsError, type Settings } from '@gatehouse/settings';
import { define, type Names } from './evaluate.ts';
import { BANNER } from './shell-names.ts';

/** Resolves when the operator ends the prompt. */
export async function prompt(names: Names, settings: Settings): Promise<void> {
  const { engine } = settings.session;
  process.stdout.write(`Gatehouse shell. Storage: ${engine} (${settings.database.provider}). In scope:${BANNER}\n`);
  if (engineEntry(engine).sessionsIn === 'memory')
    process.stdout.write(
      `With SESSION_ENGINE=${engine}, the sessions are in the memory of the server, where this shell cannot reach them.\n`,
    );
  const server = start({ prompt: 'gatehouse> ', useGlobal: true, breakEvalOnSigint: true, ignoreUndefined: true });
  define(server, names);
  // `.clear` makes a new context.
  server.on('reset', () => define(server, names));
  const ended = once(server, 'exit');
  const file = historyFile(settings);
  // Mode 600; a history that cannot be written is no reason to refuse the shell.
  if (file !== undefined) await new Promise<void>((resolve) => server.setupHistory(file, () => resolve()));
  await ended;
}

function historyFile(settings: Settings): string | undefined {
  try {
    return join(prepareDataFolder(settings), 'shell-history');
  } catch (error) {
    if (error instanceof SettingsError) return undefined;
    throw error;
  }
}
