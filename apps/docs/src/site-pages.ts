import { globSync } from 'node:fs';
import { join } from 'node:path';

/** The root of the repository. */
export const root = join(import.meta.dirname, '../../..');

/** This app. */
export const docsFolder = join(import.meta.dirname, '..');

/** Pages that are written elsewhere in the repository, where they are read too: file → page. */
const SHARED: Readonly<Record<string, string>> = {
  'docs/install.md': 'guide/install.md',
  'docs/express.md': 'guide/express.md',
  'docs/engines.md': 'guide/engines.md',
  'docs/deploying.md': 'guide/deploying.md',
  'docs/adopting.md': 'guide/from-express-session.md',
  'docs/from-django.md': 'guide/from-django.md',
  'docs/audit.md': 'guide/audit.md',
  'docs/sub-path.md': 'guide/sub-path.md',
  'docs/doctor.md': 'reference/doctor.md',
  'docs/semantics.md': 'reference/semantics.md',
  'docs/races.md': 'reference/races.md',
  'packages/client/README.md': 'guide/clients.md',
  'packages/server/README.md': 'guide/create-gatehouse.md',
  'SECURITY.md': 'reference/security.md',
  'CHANGELOG.md': 'changelog.md',
  'bench/README.md': 'reference/benchmark-method.md',
  'bench/RESULTS.md': 'reference/benchmarks.md',
};

/** Every page of the site: its file, relative to the root → its path on the site. Without the API reference, which is generated. */
export function sitePages(): ReadonlyMap<string, string> {
  const own = globSync(['*.md', '{guide,reference}/*.md'], { cwd: docsFolder }).sort();
  const decisions = globSync('docs/decisions/*.md', { cwd: root }).sort();
  return new Map([
    ...own.filter((file) => file !== 'README.md').map((file) => [`apps/docs/${file}`, file] as const),
    ...Object.entries(SHARED).filter(([file]) => globSync(file, { cwd: root }).length > 0),
    ...decisions.map((file) => [file, file.replace(/^docs\//, '').replace(/README\.md$/, 'index.md')] as const),
  ]);
}
