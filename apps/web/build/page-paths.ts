import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

/** The list of routes in the generated route tree. */
const LIST = /^ {2}fullPaths:([^;]*);/m;

/** Lists the paths of all pages in `page-paths.json`, so that the server answers 404 for others. */
export function pagePaths(routeTree: string): Plugin {
  return {
    name: 'gatehouse:page-paths',
    apply: 'build',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'page-paths.json', source: JSON.stringify(pagePathsOf(readFileSync(routeTree, 'utf8'))) });
    },
  };
}

/** @throws Error if the route tree has another form */
export function pagePathsOf(tree: string): string[] {
  const paths = [...(LIST.exec(tree)?.[1] ?? '').matchAll(/'([^']*)'/g)].map(([, path = '']) => path);
  if (!paths.includes('/login')) throw new Error('The generated route tree has no list of paths that includes /login.');
  return paths;
}
