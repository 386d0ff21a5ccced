import type { Server } from 'node:http';
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '@gatehouse/settings';
import type { Request } from 'express';
import type { AppParts } from './app.ts';
import { pageBelow } from './spa.ts';

/**
 * Serves the web app through Vite on the server's own address, so hot reload works and cookies behave as in production. Vite's
 * client uses inline scripts and styles, so development has no CSP. The browser tests run against the built app, with the CSP.
 */
export async function openDevWeb(settings: Settings, server: Server): Promise<AppParts['web']> {
  const webFolder = join(settings.projectRoot, 'apps/web');
  const { createServer } = await import('vite');
  const vite = await createServer({
    root: webFolder,
    configFile: join(webFolder, 'vite.config.ts'),
    // Otherwise Vite writes the config to a new temporary file at each start, and `node --watch` restarts because of it.
    configLoader: 'native',
    appType: 'custom',
    server: {
      middlewareMode: true,
      hmr: { server },
      // In addition to localhost and IP addresses. Other host names are refused (DNS rebinding).
      allowedHosts: [new URL(settings.server.publicUrl).hostname],
      // Vite merges this with the list in vite.config.ts.
      fs: { deny: await secretPaths(settings) },
    },
  });
  return {
    inlineScripts: 'any',
    close: () => vite.close(),
    assets(req, res, next) {
      if (isForeign(req))
        return void res.status(403).type('text/plain').send('The development server only accepts requests from its own pages.\n');
      vite.middlewares(req, res, next);
    },
    async page(req, res, next) {
      if (req.method !== 'GET' && req.method !== 'HEAD') return next();
      const html = pageBelow(settings.server.basePath, await readFile(join(webFolder, 'index.html'), 'utf8'));
      res.setHeader('Cache-Control', 'no-store');
      res.type('html').send(await vite.transformIndexHtml(req.originalUrl, html));
    },
  };
}

/** Globs of files that Vite must not serve, even if the settings point into a folder that it serves. */
async function secretPaths({ dataFolder, database }: Settings): Promise<string[]> {
  const folders = [dataFolder, await realpath(dataFolder).catch(() => dataFolder)].map((folder) => `${literal(folder)}/**`);
  return database.provider === 'sqlite' ? [...folders, `${literal(database.file)}*`] : folders;
}

const literal = (path: string): string => path.replaceAll('\\', '/').replace(/[!$()*+?@[\]^{|}]/g, '\\$&');

/** Whether a page of another origin sent the request (Fetch Metadata). It may link to our pages, but not to Vite's own endpoints, one of which opens an editor. */
function isForeign({ headers, path }: Request): boolean {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return false;
  return headers['sec-fetch-mode'] !== 'navigate' || /^\/(?:@|__)/.test(path);
}
