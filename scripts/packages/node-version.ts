import { posix } from 'node:path';
import { entryPointsOf, type PublishedPackage } from './published.ts';

/** npm only warns about `engines`, and an older Node fails later with an error that names neither Gatehouse nor Node. */
export const NODE_VERSION_MODULE = './dist/node-version.js';

/** Entry points that only Node imports. Packages that browsers import too declare their side effects. */
const nodeEntriesOf = (one: PublishedPackage): readonly string[] =>
  entryPointsOf(one)
    .filter(({ subpath }) => one.manifest.sideEffects === undefined || subpath === './node')
    .map(({ output }) => output);

/** A module that throws under a Node that is older than `engines` of the package; undefined if the package has no entry points for Node. */
export function nodeVersionModule(one: PublishedPackage): string | undefined {
  if (nodeEntriesOf(one).length === 0) return undefined;
  const least = /^>=(\d+)\.(\d+)$/.exec(one.manifest.engines?.['node'] ?? '');
  if (!least) throw new Error(`${one.folder}/package.json: write engines.node as ">=22.12".`);
  const [, major, minor] = least;
  return `const [major, minor] = process.versions.node.split('.').map(Number);
if (major < ${major} || (major === ${major} && minor < ${minor}))
  throw new Error(\`${one.name} needs Node ${major}.${minor} or newer, and this is Node \${process.versions.node}. Install a newer one: https://nodejs.org\`);
export {};
`;
}

/** The compiled module, which checks the version of Node before it imports anything else. On the first line, so that source maps stay right. */
export function withNodeVersion(one: PublishedPackage, { output, text }: { output: string; text: string }): string {
  if (!nodeEntriesOf(one).includes(output)) return text;
  const from = posix.relative(posix.dirname(output), NODE_VERSION_MODULE);
  return `import '${from.startsWith('.') ? from : `./${from}`}'; ${text}`;
}
