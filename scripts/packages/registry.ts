import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import type { PackedPackage } from './pack.ts';
import { publishedManifest, publishedPackages } from './published.ts';

export interface Registry {
  /** For `@gatehouse:registry=` in `.npmrc`. */
  readonly url: string;
  close(): void;
}

/** An npm registry of our packages alone, so that a plain `npm install` gets them as a stranger's does. */
export async function startRegistry(packed: readonly PackedPackage[]): Promise<Registry> {
  const server = createServer((req, res) => {
    const path = decodeURIComponent(new URL(req.url ?? '/', 'http://registry').pathname).slice(1);
    const one = packed.find(({ name, tarball }) => path === name || path === basename(tarball));
    if (!one) return void res.writeHead(404).end('{}');
    const content = readFileSync(one.tarball);
    if (path !== one.name) return void res.writeHead(200, { 'content-type': 'application/octet-stream' }).end(content);
    const integrity = `sha512-${createHash('sha512').update(content).digest('base64')}`;
    const manifest = publishedManifest(publishedPackages.find(({ name }) => name === one.name)!);
    const version = String(manifest['version']);
    const dist = { tarball: `${url}${basename(one.tarball)}`, integrity };
    const packument = { name: one.name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } };
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(packument));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url, close };
}
