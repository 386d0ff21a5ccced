import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { importsIn, importsOf, root, sourcesIn } from './source-imports.ts';

type Graph = ReadonlyMap<string, readonly string[]>;

/** Maps `@gatehouse/session/redis` to its file. */
const entryPoints = new Map(
  globSync(['{prisma,bench}/package.json', '{packages,apps}/*/package.json'], { cwd: root }).flatMap((file) => {
    const { name, exports = {} } = JSON.parse(readFileSync(join(root, file), 'utf8')) as { name: string; exports?: Record<string, string> };
    return Object.entries(exports).map(([path, target]) => [join(name, path), join(dirname(file), target)] as const);
  }),
);

function importGraph(): Graph {
  const files = new Set(['packages', 'apps', 'prisma', 'bench', 'scripts', 'tests'].flatMap(sourcesIn));
  /** undefined: not one of our source files, but a package from the registry, a style sheet or generated code. */
  const resolve = (file: string, specifier: string): string | undefined => {
    const path = specifier.startsWith('.') ? join(dirname(file), specifier) : entryPoints.get(specifier);
    return [path, `${path}.ts`, `${path}.tsx`].find((candidate) => candidate !== undefined && files.has(candidate));
  };
  return new Map([...files].map((file) => [file, importsOf(file).flatMap(({ from }) => resolve(file, from) ?? [])] as const));
}

/** One path for each import that closes a cycle. Empty if and only if there is no cycle. */
function findCycles(graph: Graph): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  function visit(file: string, path: readonly string[]): void {
    const start = path.indexOf(file);
    if (start >= 0) return void cycles.push([...path.slice(start), file].join('\n  → '));
    if (done.has(file)) return;
    for (const imported of graph.get(file) ?? []) visit(imported, [...path, file]);
    done.add(file);
  }
  for (const file of graph.keys()) visit(file, []);
  return cycles;
}

const HOW_TO_FIX =
  'Files import each other in a cycle. Type-only imports count: neither file can be understood without the other. ' +
  'Move the type or function that both need to a file of its own that imports neither, or pass it in as an argument.';

test('there are no import cycles, type-only imports included', () => {
  const graph = importGraph();
  expect([...graph.values()].flat().length).toBeGreaterThan(graph.size);
  const cycles = findCycles(graph);
  expect(cycles, `${HOW_TO_FIX}\n\n${cycles.join('\n\n')}\n`).toEqual([]);
});

test.each<[string, Record<string, string[]>, string[]]>([
  ['a file that imports itself', { a: ['a'] }, ['a\n  → a']],
  ['two files', { a: ['b'], b: ['a'] }, ['a\n  → b\n  → a']],
  ['a cycle that is reached from a file outside of it', { a: ['b'], b: ['c'], c: ['d'], d: ['b'] }, ['b\n  → c\n  → d\n  → b']],
  ['two cycles', { a: ['b', 'c'], b: ['a'], c: ['a'] }, ['a\n  → b\n  → a', 'a\n  → c\n  → a']],
  ['two paths to one file, which are no cycle', { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, []],
])('a cycle is found and named: %s', (_, graph, cycles) => {
  expect(findCycles(new Map(Object.entries(graph)))).toEqual(cycles);
});

test.each([
  ["import { a } from './a.ts';", './a.ts'],
  ["import type { A } from './a.ts';", './a.ts'],
  ["import {\n  a,\n  type B,\n} from './a.ts';", './a.ts'],
  ["import './a.ts';", './a.ts'],
  ["export * from './a.ts';", './a.ts'],
  ["export type { A } from './a.ts';", './a.ts'],
  ["const { a } = await import('./a.ts');", './a.ts'],
  ["type A = import('./a.ts').A;", './a.ts'],
  ["type A = typeof import(\n  './a.ts'\n);", './a.ts'],
])('an import is found: %s', (text, from) => {
  expect(importsIn(text).map((one) => one.from)).toEqual([from]);
});

test.each([
  "/** import { a } from './a.ts'; */",
  " * import { a } from './a.ts';",
  "// import { a } from './a.ts';",
  "export const a = 'from';",
])('text that is not an import is ignored: %s', (text) => {
  expect(importsIn(text)).toEqual([]);
});
