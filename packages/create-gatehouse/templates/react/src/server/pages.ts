import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { Router, type RequestHandler } from 'express';

const folder = join(import.meta.dirname, '../../dist');

/** The web app as `npm run build` has built it. Every page is index.html. */
export function builtPages(): RequestHandler {
  const page = join(folder, 'index.html');
  if (!existsSync(page)) throw new Error('The web app is not built. Run `npm run build` first, or `npm run dev`.');
  const router = Router();
  // The names of these files contain a hash of their content.
  router.use('/assets', express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y', fallthrough: false }));
  router.use(express.static(folder, { index: false }));
  router.get('/{*path}', (req, res, next) => (req.accepts('html') ? res.sendFile(page) : next()));
  return router;
}
