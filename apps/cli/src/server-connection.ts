import { join } from 'node:path';
import { createNodeClient, fileCookieJar } from '@gatehouse/client/node';
import type { GatehouseClient } from '@gatehouse/client';
import { loadClientSettings } from '@gatehouse/settings';
import { Option } from 'commander';
import { EXIT } from './exit-codes.ts';
import { Failure } from './failure.ts';

export interface ServerOptions {
  readonly url?: string;
}

export const urlOption = () =>
  new Option('--url <address>', 'the server, such as https://app.example (default: GATEHOUSE_URL, else PUBLIC_URL)');

export interface ServerConnection {
  readonly url: URL;
  readonly client: GatehouseClient;
  /** A cookie of this server is stored. */
  readonly hasCookie: boolean;
  /** Removes this server's cookies from the file. */
  readonly clearCookies: () => void;
}

/** A typed client for a server. It stores cookies in `$XDG_CONFIG_HOME/gatehouse/cookies.json`. */
export function connectToServer(options: ServerOptions): ServerConnection {
  const settings = loadClientSettings();
  const url = serverUrl(options.url ?? settings.url);
  const jar = fileCookieJar(join(settings.configFolder, 'cookies.json'));
  const client = createNodeClient({ url: url.href, jar, userAgent: `gatehouse-cli (${process.platform})` });
  return { url, client, hasCookie: jar.cookieHeader(url) !== '', clearCookies: () => jar.clear(url) };
}

/** The address of a server for people: without a slash at its end. */
export const addressOf = (url: URL): string => url.href.replace(/\/$/, '');

function serverUrl(text: string): URL {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username && !url.password) return url;
  throw new Failure('BAD_URL', '--url must be the address of a server: https://app.example', EXIT.USAGE);
}
