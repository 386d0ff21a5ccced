import { SETTINGS_TABLE } from './settings-table.ts';

/** Generates `.env.example` and the tables of apps/docs/reference/settings.md: `pnpm --filter @gatehouse/settings write-docs`. */

export const PAGE_START = '<!-- settings:start -->';
export const PAGE_END = '<!-- settings:end -->';

const plain = (text: string): string => text.replaceAll('`', '');

/** All settings with their defaults, commented out, so that a copy of the file changes nothing. */
export function envExample(): string {
  const head =
    '# Copy this file to .env and uncomment what you want to change. Environment variables have precedence over this file.\n# The values are the defaults. Durations are in seconds.';
  const groups = Map.groupBy(SETTINGS_TABLE, ({ group }) => group);
  const parts = [...groups].map(([group, rows]) => `## ${group}\n\n${rows.map(exampleLines).join('\n\n')}`);
  return `${[head, ...parts].join('\n\n')}\n`;
}

function exampleLines({ name, meaning, default: fallback, derived }: (typeof SETTINGS_TABLE)[number]): string {
  return derived ? `# ${plain(meaning)}\n# Default: ${plain(fallback)}.\n#${name}=` : `# ${plain(meaning)}\n#${name}=${fallback}`;
}

/** A table for each group. */
export function settingsTables(): string {
  const groups = Map.groupBy(SETTINGS_TABLE, ({ group }) => group);
  return [...groups].map(([group, rows]) => `## ${group}\n\n${tableOf(rows)}`).join('\n\n');
}

function tableOf(rows: typeof SETTINGS_TABLE): string {
  const lines = rows.map(
    ({ name, meaning, default: fallback, derived }) =>
      `| \`${name}\` | ${derived || fallback === '' ? fallback : `\`${fallback}\``} | ${withLinks(meaning)} |`,
  );
  return ['| Setting | Default | Meaning |', '|---|---|---|', ...lines].join('\n');
}

/** The names of pages as links from apps/docs/reference. */
const withLinks = (meaning: string): string => meaning.replaceAll(/\bdocs\/([\w-]+\.md)/g, '[$1](../../../docs/$1)');

/** The page with updated tables between its markers; undefined if it has no markers. */
export function pageWithTables(page: string): string | undefined {
  const start = page.indexOf(PAGE_START);
  const end = page.indexOf(PAGE_END);
  if (start === -1 || end < start) return undefined;
  return `${page.slice(0, start + PAGE_START.length)}\n\n${settingsTables()}\n\n${page.slice(end)}`;
}
