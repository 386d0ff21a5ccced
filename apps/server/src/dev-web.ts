import type { Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppParts } from './app.ts';

/**
 * The web app through Vite, on the server's own address: hot reload, and cookies as in production. Vite's client is
 * inline scripts and styles, so no CSP is sent while developing; the browser tests run against the built app, with it.
 */
export async function openDevWeb(webFolder: string, server: Server): Promise<AppParts['web']> {
  const { createServer } = await import('vite');
  const vite = await createServer({
    root: webFolder,
    configFile: join(webFolder, 'vite.config.ts'),
    // Else Vite writes the config to a file of another name each time, and `node --watch` restarts for each.
    configLoader: 'native',
    appType: 'custom',
    server: { middlewareMode: true, hmr: { server } },
  });
  return {
    inlineScripts: 'any',
    assets: (req, res, next) => vite.middlewares(req, res, next),
    async page(req, res, next) {
      if (req.method !== 'GET' && req.method !== 'HEAD') return next();
      const html = await readFile(join(webFolder, 'index.html'), 'utf8');
      res.setHeader('Cache-Control', 'no-store');
      res.type('html').send(await vite.transformIndexHtml(req.originalUrl, html));
    },
  };
}
