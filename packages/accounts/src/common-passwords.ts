import { readFileSync } from 'node:fs';
import { join } from 'node:path';

let list: Set<string> | undefined;

/** One of the passwords that are tried first, in any case (ASVS 6.2.4, which asks for the top 3000). */
export function isCommonPassword(password: string): boolean {
  list ??= new Set(readFileSync(join(import.meta.dirname, '..', 'common-passwords.txt'), 'utf8').split('\n'));
  return list.has(password.normalize('NFKC').toLowerCase());
}
