import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');

export interface Import {
  readonly from: string;
  readonly isType: boolean;
}

const IMPORT =
  /(?:^|[\s;])(?:import|export)\s(?<type>type\s)?(?:[^'";]*?\sfrom\s)?['"](?<from>[^'"]+)['"]|import\(\s*['"](?<lazy>[^'"]+)['"]\s*\)/g;

/** Comments are removed, because examples in them are not imports. */
const COMMENT_LINE = /^\s*(?:\/?\*|\/\/).*$/gm;

/** All imports in the text, including lazy and type-only ones, and re-exports. */
export const importsIn = (text: string): Import[] =>
  [...text.replaceAll(COMMENT_LINE, '').matchAll(IMPORT)].map(({ groups }) => ({
    from: groups?.['from'] ?? groups?.['lazy'] ?? '',
    isType: groups?.['type'] !== undefined,
  }));

export const importsOf = (file: string): Import[] => importsIn(readFileSync(join(root, file), 'utf8'));

/** The TypeScript files of a folder, relative to the root. Templates belong to the apps that are made from them. */
export const sourcesIn = (folder: string): string[] =>
  globSync([`${folder}/**/*.{ts,tsx}`], { cwd: root, exclude: ['**/node_modules/**', '**/generated/**', '**/dist/**', '**/templates/**'] });
