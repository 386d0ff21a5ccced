import { loadImportUrl } from '@gatehouse/settings';
import { EXIT } from '../../exit-codes.ts';
import { Failure } from '../../failure.ts';
import { askSecret, hasTerminal } from '../../terminal/ask.ts';
import { secretFromStdin } from '../../terminal/password-stdin.ts';

export interface ImportSource {
  readonly url: string;
  /** Where the URL was given, for error messages. */
  readonly source: string;
}

const MAX_URL_BYTES = 4096;

/**
 * The database to import from. `--from` has no password, because `refuseSecrets` refuses arguments with one, so it is asked for.
 * `--from -` reads the URL from stdin. Without `--from`, the setting GATEHOUSE_IMPORT_URL counts.
 */
export async function importSource(from: string | undefined): Promise<ImportSource> {
  if (from === '-') {
    const url = await secretFromStdin({ option: '--from -', thing: 'URL', maxBytes: MAX_URL_BYTES });
    return { url: url.trim(), source: 'the URL on stdin' };
  }
  if (from !== undefined) return { url: await withAskedPassword(from), source: '--from' };
  const url = loadImportUrl();
  if (url !== undefined) return { url, source: 'GATEHOUSE_IMPORT_URL' };
  throw new Failure(
    'USAGE',
    'There is no database to read. Set GATEHOUSE_IMPORT_URL in the environment or .env, or pass a URL without its password to --from (it is asked for), or pipe the URL in with --from -.',
    EXIT.USAGE,
  );
}

/** Asks for the password of a URL that has a user and no password. The server may need none, so an empty answer is allowed. */
async function withAskedPassword(address: string): Promise<string> {
  const url = URL.parse(address);
  if (!url || url.protocol === 'file:' || url.username === '' || url.password !== '' || !hasTerminal()) return address;
  // Not decoded: the user name may contain an invalid percent-encoding, which openReadOnly reports.
  const password = await askSecret(`Password of ${url.username} at ${url.host} (Enter for none)`, () => undefined);
  return withPassword(address, password);
}

/** The password is percent-encoded, so it may contain any character. */
export function withPassword(address: string, password: string): string {
  if (password === '') return address;
  const url = new URL(address);
  url.password = encodeURIComponent(password);
  return url.href;
}
