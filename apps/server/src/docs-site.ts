import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { RequestHandler } from 'express';
import { ENCODINGS, negotiate } from './precompressed.ts';

/** Where the documentation is served. The site is built for this path: apps/docs/.vitepress/config.ts. */
export const DOCS_PATH = '/docs';

const NOT_BUILT = 'The documentation is not built. Run `pnpm build:docs`, then restart the server.\n';

/**
 * Serves the documentation as `pnpm build:docs` has built it: `/docs/start` is `start.html`. It is the same for all users, so it needs no
 * session. If it is not built, every request is answered with 404 and a line that says so.
 *
 * @param folder is listed once, because the files of a build do not change.
 */
export function docsSite(folder: string): RequestHandler {
  const files = new Set(filesOf(folder));
  if (!files.has('index.html')) return (_req, res) => void res.status(404).type('text').send(NOT_BUILT);
  const policy = contentSecurityPolicy(readFileSync(join(folder, 'index.html'), 'utf8'));

  return (req, res, next) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') return next();
    // Links on the pages are absolute, but without the slash the browser would resolve a typed relative address elsewhere.
    if (req.originalUrl.split('?', 1)[0] === DOCS_PATH) return res.redirect(301, `${DOCS_PATH}/`);
    const path = req.path.slice(1);
    const found = [path, `${path}.html`, `${path}index.html`].find((file) => files.has(file));
    const file = found ?? '404.html';
    const chosen = negotiate(
      req,
      res,
      ENCODINGS.filter(({ extension }) => files.has(file + extension)),
    );
    res.status(found === undefined ? 404 : 200).type(extname(file));
    res.setHeader('Content-Security-Policy', policy);
    if (chosen) res.setHeader('Content-Encoding', chosen.name);
    // Names in assets/ contain a hash of the content. All other files are asked for again after a new build.
    const isHashed = file.startsWith('assets/');
    res.sendFile(
      file + (chosen?.extension ?? ''),
      { root: folder, cacheControl: true, immutable: isHashed, maxAge: isHashed ? '1y' : 0, dotfiles: 'ignore' },
      (error?: Error) => {
        if (error && !res.headersSent) next(error);
      },
    );
  };
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
  } catch {
    return [];
  }
}

/** Weaker than the app's: the colours of code are style attributes, and the search inserts HTML. The pages have no user's data. */
function contentSecurityPolicy(page: string): string {
  const scripts = [...page.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([^]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  return [
    "default-src 'none'",
    `script-src 'self' ${scripts.join(' ')}`,
    "style-src 'self'",
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
