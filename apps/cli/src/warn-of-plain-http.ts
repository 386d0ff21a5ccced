import { isLoopback } from '@gatehouse/settings';

/** A password sent over http to another machine can be read on the way. */
export function warnOfPlainHttp(url: URL): void {
  if (url.protocol === 'https:' || isLoopback(url)) return;
  process.stderr.write(`Warning: ${url.origin} is not https: the password can be read on its way.\n`);
}
