import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import express, { type RequestHandler, type Router } from 'express';
import { precompressedFiles, precompressedText } from './precompressed.ts';

export interface Spa {
  /** Static files. They need no session. */
  readonly assets: Router;
  /** The HTML page, for every path that is not a file. */
  readonly page: RequestHandler;
  /** CSP sources of its inline scripts. */
  readonly inlineScripts: readonly string[];
}

/**
 * @param basePath the path of PUBLIC_URL, such as `/app`, or an empty string. The build does not depend on it.
 * @throws SpaNotBuiltError
 */
export function openSpa(distFolder: string, basePath = ''): Spa {
  const html = pageBelow(basePath, readPage(join(distFolder, 'index.html')));
  const sendPage = precompressedText(html);
  const isPage = pageMatcher(join(distFolder, 'page-paths.json'));
  const assets = express.Router();
  assets.use('/assets', precompressedFiles(join(distFolder, 'assets'), { index: false, redirect: false, immutable: true, maxAge: '1y' }));
  assets.use(express.static(distFolder, { index: false, redirect: false, dotfiles: 'ignore', maxAge: '1h' }));
  return {
    assets,
    inlineScripts: inlineScriptSources(html),
    page(req, res, next) {
      if (!isPagePath(req.path) || (req.method !== 'GET' && req.method !== 'HEAD')) return next();
      if (!isPage(req.path)) {
        // A person gets the page that says so; a program gets no page at all.
        if (!req.headers.accept?.includes('text/html')) return next();
        res.status(404);
      }
      // The page names the hashed assets of this build, so browsers must not cache it.
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

/**
 * The page for a base path. The build names its files relative to the page, which would fail on a page such as `/sessions/1`. A `<base>`
 * element would change all links to a fragment of the page as well. Scripts read the path from the `meta` element.
 */
export const pageBelow = (basePath: string, html: string): string =>
  html
    .replaceAll(/(?<= (?:src|href)=")\.\//g, `${basePath}/`)
    .replace('<head>', `<head>\n    <meta name="base-path" content="${basePath}" />`);

/**
 * Whether the web app has a page at this path, by the routes that its build has listed, such as `/accounts/$userId`. Without the list, which
 * an older build lacks, every path counts as a page.
 */
function pageMatcher(listFile: string): (path: string) => boolean {
  if (!existsSync(listFile)) return () => true;
  const routes = (JSON.parse(readFileSync(listFile, 'utf8')) as string[]).map((route) => route.split('/').filter(Boolean));
  return (path) => {
    const parts = path.split('/').filter(Boolean);
    return routes.some(
      (route) => route.length === parts.length && route.every((part, index) => part.startsWith('$') || part === parts[index]),
    );
  };
}

/** False for missing files (`/.env`, `/src/main.tsx`, `/x.php`) and for paths that cannot be decoded (`/%`). */
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
