import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import express, { type RequestHandler, type Router } from 'express';
import { precompressedFiles, precompressedText } from './precompressed.ts';

export interface Spa {
  /** Files with a hash in their name: no session is loaded for them. */
  readonly assets: Router;
  /** The page, for every path that is not a file. */
  readonly page: RequestHandler;
  /** CSP sources of its inline scripts. */
  readonly inlineScripts: readonly string[];
}

/** @throws SpaNotBuiltError */
export function openSpa(distFolder: string): Spa {
  const html = readPage(join(distFolder, 'index.html'));
  const sendPage = precompressedText(html);
  const assets = express.Router();
  assets.use('/assets', precompressedFiles(join(distFolder, 'assets'), { index: false, redirect: false, immutable: true, maxAge: '1y' }));
  assets.use(express.static(distFolder, { index: false, redirect: false, dotfiles: 'ignore', maxAge: '1h' }));
  return {
    assets,
    inlineScripts: inlineScriptSources(html),
    page(req, res, next) {
      if (!isPagePath(req.path) || (req.method !== 'GET' && req.method !== 'HEAD')) return next();
      // Names the hashed assets of this build, so it is asked for anew each time.
      res.setHeader('Cache-Control', 'no-store');
      sendPage(req, res.type('html'));
    },
  };
}

export class SpaNotBuiltError extends Error {
  override readonly name = 'SpaNotBuiltError';
}

function readPage(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new SpaNotBuiltError('The web app is not built. Run `pnpm build`, or start with `pnpm start`, which builds it.', { cause });
  }
}

/** `/.env`, `/src/main.tsx` and `/x.php` are files that are not here, not pages; nor is what is no path at all, as `/%`. */
function isPagePath(path: string): boolean {
  try {
    // oxlint-disable-next-line no-control-regex
    return !/[.\u0000-\u001f]/.test(decodeURIComponent(path));
  } catch {
    return false;
  }
}

function inlineScriptSources(html: string): string[] {
  return [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
}
