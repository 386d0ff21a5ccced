import type { Server } from 'node:http';
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '@gatehouse/settings';
import type { Request } from 'express';
import type { AppParts } from './app.ts';

/**
 * The web app through Vite, on the server's own address: hot reload, and cookies as in production. Vite's client is
 * inline scripts and styles, so no CSP is sent while developing; the browser tests run against the built app, with it.
 */
export async function openDevWeb(settings: Settings, server: Server): Promise<AppParts['web']> {
  const webFolder = join(settings.projectRoot, 'apps/web');
  const { createServer } = await import('vite');
  const vite = await createServer({
    root: webFolder,
    configFile: join(webFolder, 'vite.config.ts'),
    // Else Vite writes the config to a file of another name each time, and `node --watch` restarts for each.
    configLoader: 'native',
    appType: 'custom',
    server: {
      middlewareMode: true,
      hmr: { server },
      // Beside localhost and addresses. A name that somebody else lets point to this machine is refused (DNS rebinding).
      allowedHosts: [new URL(settings.server.publicUrl).hostname],
      // Added to what vite.config.ts has.
      fs: { deny: await secretPaths(settings) },
    },
  });
  return {
    inlineScripts: 'any',
    assets(req, res, next) {
      if (isForeign(req)) return void res.status(403).type('text/plain').send('The development server answers its own pages only.\n');
      vite.middlewares(req, res, next);
    },
    async page(req, res, next) {
      if (req.method !== 'GET' && req.method !== 'HEAD') return next();
      const html = await readFile(join(webFolder, 'index.html'), 'utf8');
      res.setHeader('Cache-Control', 'no-store');
      res.type('html').send(await vite.transformIndexHtml(req.originalUrl, html));
    },
  };
}

/** Globs of what Vite never serves, even if these settings point into a folder that it does serve. */
async function secretPaths({ dataFolder, database }: Settings): Promise<string[]> {
  const folders = [dataFolder, await realpath(dataFolder).catch(() => dataFolder)].map((folder) => `${literal(folder)}/**`);
  return database.provider === 'sqlite' ? [...folders, `${literal(database.file)}*`] : folders;
}

const literal = (path: string): string => path.replaceAll('\\', '/').replace(/[!$()*+?@[\]^{|}]/g, '\\$&');

/** A page of another origin asks, by Fetch Metadata. It may link to a page of ours, but not to what Vite does on request, such as opening an editor. */
function isForeign({ headers, path }: Request): boolean {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return false;
  return headers['sec-fetch-mode'] !== 'navigate' || /^\/(?:@|__)/.test(path);
}
