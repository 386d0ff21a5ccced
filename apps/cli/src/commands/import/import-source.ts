import { loadImportUrl } from '@gatehouse/settings';
import { EXIT } from '../../exit-codes.ts';
import { Failure } from '../../failure.ts';
import { askSecret, hasTerminal } from '../../terminal/ask.ts';
import { secretFromStdin } from '../../terminal/password-stdin.ts';

export interface ImportSource {
  readonly url: string;
  /** Where it was given, for messages. */
  readonly source: string;
}

const MAX_ADDRESS_BYTES = 4096;

/**
 * The database to import from: `--from`, whose password, if it needs one, is asked for; the line on stdin; or GATEHOUSE_IMPORT_URL.
 * An argument with a password was refused before: see `refuseSecrets`.
 */
export async function importSource(from: string | undefined): Promise<ImportSource> {
  if (from === '-') {
    const url = await secretFromStdin({ option: '--from -', thing: 'address', maxBytes: MAX_ADDRESS_BYTES });
    return { url: url.trim(), source: 'the address on stdin' };
  }
  if (from !== undefined) return { url: await withAskedPassword(from), source: '--from' };
  const url = loadImportUrl();
  if (url !== undefined) return { url, source: 'GATEHOUSE_IMPORT_URL' };
  throw new Failure(
    'USAGE',
    'Say which database to read: GATEHOUSE_IMPORT_URL in the environment or .env, or --from with an address that has no password in it (it is asked for), or --from - to pipe the address in.',
    EXIT.USAGE,
  );
}

/** A server's address with a user and no password: it may need none, so Enter alone is an answer. */
async function withAskedPassword(address: string): Promise<string> {
  const url = URL.parse(address);
  if (!url || url.protocol === 'file:' || url.username === '' || url.password !== '' || !hasTerminal()) return address;
  // As it is written: a percent sign in it may be followed by anything, which opening the database says.
  const password = await askSecret(`Password of ${url.username} at ${url.host} (Enter for none)`, () => undefined);
  return withPassword(address, password);
}

/** Percent-encoded, so that any password is one. */
export function withPassword(address: string, password: string): string {
  if (password === '') return address;
  const url = new URL(address);
  url.password = encodeURIComponent(password);
  return url.href;
}
