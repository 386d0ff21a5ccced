import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { isDeepStrictEqual, parseEnv } from 'node:util';
import { Failure } from './failure.ts';

/**
 * The text of a `.env` file with another value of one setting. Comments, order and line endings stay. A new setting gets the place of the
 * commented line that `.env.example` has for it, or else the end of the file.
 * @throws Failure if the text cannot be changed safely
 */
export function withValue(text: string, name: string, value: string): string {
  const found = assignment(text, name);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const changed = found
    ? text.slice(0, found.start) + quoted(value, found.quote) + text.slice(found.end)
    : inserted(text, { name, line: `${name}=${quoted(value)}`, eol });
  const { [name]: after, ...othersAfter } = parseEnv(changed);
  const { [name]: _before, ...othersBefore } = parseEnv(text);
  // Checked with the parser of the settings, so that a form of the file that is not understood here is never damaged.
  if (after === value && isDeepStrictEqual(othersAfter, othersBefore)) return changed;
  throw new Failure(
    'ENV_FILE',
    `${name} cannot be changed in this file. Write NAME=value on one line of its own, without quotes, and try again.`,
  );
}

/** Where the value of a setting is in the text, with its quotes. Skips values of several lines. */
function assignment(text: string, name: string): { start: number; end: number; quote: string } | undefined {
  const pattern = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*(?:(["'`])([^]*?)\2|([^\r\n#]*))/gm;
  for (const match of text.matchAll(pattern)) {
    const [whole, key, quote = '', inside, plain = ''] = match;
    if (key !== name) continue;
    const value = quote === '' ? plain.trimEnd() : `${quote}${inside}${quote}`;
    const start = match.index + whole.length - (quote === '' ? plain.length : value.length);
    return { start, end: start + value.length, quote };
  }
  return undefined;
}

const QUOTES = ["'", '"', '`'];

function quoted(value: string, quote = ''): string {
  if (quote === '' && !/[#'"`\s\\]/.test(value)) return value;
  const usable = [quote, ...QUOTES].find((one) => one !== '' && !value.includes(one) && !(one === '"' && value.includes('\\')));
  return usable === undefined ? value : usable + value + usable;
}

function inserted(text: string, { name, line, eol }: { name: string; line: string; eol: string }): string {
  const commented = new RegExp(String.raw`^#[ \t]*${name}=.*$`, 'm').exec(text);
  if (commented) {
    const at = commented.index + commented[0].trimEnd().length;
    return text.slice(0, at) + eol + line + text.slice(at);
  }
  return text + (text === '' || text.endsWith('\n') ? '' : eol) + line + eol;
}

/** The text of the file; undefined if there is none. @throws Failure */
export function readEnvText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new Failure('ENV_FILE', `The file ${path} cannot be read (${code}). Run the command as the user who owns it.`);
  }
}

/**
 * Replaces the file at once: a reader sees the old or the new text, also after a crash. Mode and owner stay; a new file has mode 600.
 * @param before what was read; the file is not replaced if somebody has changed it since then
 * @throws Failure if it cannot be written; then the file is as before
 */
export function replaceEnvFile(path: string, { before, after }: { before: string | undefined; after: string }): void {
  // A symbolic link stays one.
  const target = before === undefined ? path : realpathSync(path);
  const temporary = `${target}.${randomBytes(6).toString('hex')}`;
  try {
    const file = openSync(temporary, 'wx', 0o600);
    try {
      writeSync(file, after);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (before !== undefined) keepAccess(target, temporary);
    if (readEnvText(path) !== before) throw new Failure('ENV_FILE', `Somebody else has just changed ${path}. Run the command again.`);
    renameSync(temporary, target);
  } catch (error) {
    if (error instanceof Failure) throw error;
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new Failure(
      'ENV_FILE',
      `The file ${path} cannot be replaced (${code}); it is unchanged. Run the command as a user who can write to the folder ${dirname(target)}, such as root. The file keeps its owner and mode.`,
    );
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Otherwise the server, which may run as another user, could not read the new file. */
function keepAccess(target: string, temporary: string): void {
  const { mode, uid, gid } = statSync(target);
  const made = statSync(temporary);
  if (made.uid !== uid || made.gid !== gid) chownSync(temporary, uid, gid);
  chmodSync(temporary, mode & 0o7777);
}
