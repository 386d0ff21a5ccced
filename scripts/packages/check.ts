import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { PackedPackage } from './pack.ts';
import { publishedManifest, publishedPackages, root, type PublishedPackage } from './published.ts';

const bin = join(root, 'node_modules/.bin');

/** What is wrong with the packages as they are published; empty: nothing. */
export async function checkPackages(packed: readonly PackedPackage[]): Promise<readonly string[]> {
  const problems = publishedPackages.flatMap((one) => [...badImports(one), ...badSourceMaps(one)]);
  const isProgram = (name: string): boolean => publishedPackages.some((one) => one.name === name && !one.manifest.exports);
  const waiting = packed.flatMap(({ name, tarball }) => [
    { command: 'publint', args: ['run', tarball, '--strict'] },
    // CommonJS requires our modules, as every supported Node allows: tests/foreign/commonjs. TypeScript's own resolution from then on is right.
    ...(isProgram(name)
      ? []
      : [{ command: 'attw', args: [tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-emoji', '--no-color'] }]),
  ]);
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { command, args } = next;
      await promisify(execFile)(join(bin, command), args).catch(({ stdout, stderr }: { stdout: string; stderr: string }) =>
        problems.push(`${command} ${args.join(' ')}\n${stdout}${stderr}`),
      );
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return problems;
}

const IMPORT = /(?:^|[\s;}])(?:import|export)\s(?:[^'";]*?\sfrom\s)?['"](?<from>[^'"]+)['"]|\bimport\(\s*['"](?<lazy>[^'"]+)['"]\s*\)/g;
const COMMENT = /^\s*(?:\/?\*|\/\/).*$/gm;

/** Imports of what is not in the package, and of packages that an install does not bring. */
function badImports(one: PublishedPackage): string[] {
  const { dependencies = {}, peerDependencies = {} } = publishedManifest(one) as Record<string, Record<string, string> | undefined>;
  const isDeclared = (name: string): boolean => name === one.name || name in dependencies || name in peerDependencies;
  const dist = join(root, one.folder, 'dist');
  return globSync('**/*.{js,d.ts}', { cwd: dist }).flatMap((file) => {
    const text = readFileSync(join(dist, file), 'utf8').replaceAll(COMMENT, '');
    return [...text.matchAll(IMPORT)]
      .map(({ groups }) => groups?.['from'] ?? groups?.['lazy'] ?? '')
      .filter((from) => {
        if (from.startsWith('.')) return !existsSync(join(dist, dirname(file), from));
        const name = from.split('/', from.startsWith('@') ? 2 : 1).join('/');
        const typesName = `@types/${name.replace(/^@/, '').replace('/', '__')}`;
        return !isBuiltin(from) && !isDeclared(name) && !(file.endsWith('.d.ts') && isDeclared(typesName));
      })
      .map((from) => `${one.folder}/dist/${file} imports ${from}, which an install of ${one.name} does not bring.`);
  });
}

/** Modules whose source map is missing or does not contain the sources, which are not published. */
function badSourceMaps({ folder }: PublishedPackage): string[] {
  const dist = join(root, folder, 'dist');
  return globSync('**/*.js', { cwd: dist }).flatMap((file) => {
    const map = /^\/\/# sourceMappingURL=(\S+)$/m.exec(readFileSync(join(dist, file), 'utf8'))?.[1];
    if (map === undefined) return [];
    const path = join(dist, dirname(file), map);
    const { sources = [], sourcesContent = [] } = existsSync(path)
      ? (JSON.parse(readFileSync(path, 'utf8')) as { sources?: string[]; sourcesContent?: unknown[] })
      : {};
    const isComplete = sources.length > 0 && sources.every((_, index) => typeof sourcesContent[index] === 'string');
    return isComplete ? [] : [`${folder}/dist/${file} has no source map with its sources.`];
  });
}
