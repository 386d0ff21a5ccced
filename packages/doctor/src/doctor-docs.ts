import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECK_GROUPS } from './checks.ts';

/** Generates the list of checks in docs/doctor.md: `pnpm --filter @gatehouse/doctor write-docs`. */

export const DOCS_START = '<!-- Generated from packages/doctor/src/checks: pnpm --filter @gatehouse/doctor write-docs -->';
export const DOCS_END = '<!-- End of the generated part -->';

/** The page with the sections of the current checks between the markers; undefined if it has no markers. */
export function pageWithChecks(page: string): string | undefined {
  const [start, end] = [page.indexOf(DOCS_START), page.indexOf(DOCS_END)];
  if (start < 0 || end < start) return undefined;
  return `${page.slice(0, start)}${DOCS_START}\n\n${sections()}\n\n${page.slice(end)}`;
}

const sections = (): string =>
  CHECK_GROUPS.map(({ title, about, checks }) =>
    [`## ${title}`, ...(about ? [about] : []), ...checks.map(({ id }) => `### \`${id}\`\n\n${commentOf(id)}`)].join('\n\n'),
  ).join('\n\n');

/** The comment above a check, in `checks/<id>.ts`. */
function commentOf(id: string): string {
  const file = join(import.meta.dirname, 'checks', `${id}.ts`);
  const [, comment] = /\/\*\*((?:(?!\*\/)[^])*)\*\/\nexport const /.exec(readFileSync(file, 'utf8')) ?? [];
  if (comment === undefined) throw new Error(`${file} needs a comment above its check: it becomes the section in docs/doctor.md.`);
  return comment
    .split('\n')
    .map((line) => line.replace(/^ \* ?/, '').trim())
    .join('\n')
    .trim();
}
