import { SETTINGS_TABLE } from './settings-table.ts';

/** Generates `.env.example` and the settings table of the README: `pnpm --filter @gatehouse/settings write-docs`. */

export const README_START = '<!-- settings:start -->';
export const README_END = '<!-- settings:end -->';

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

export function readmeTable(): string {
  const rows = SETTINGS_TABLE.map(
    ({ name, meaning, default: fallback, derived }) => `| \`${name}\` | ${derived ? fallback : `\`${fallback}\``} | ${meaning} |`,
  );
  return ['| Setting | Default | Meaning |', '|---|---|---|', ...rows].join('\n');
}

/** The README with an updated table between its markers; undefined if it has no markers. */
export function readmeWithTable(readme: string): string | undefined {
  const start = readme.indexOf(README_START);
  const end = readme.indexOf(README_END);
  if (start === -1 || end < start) return undefined;
  return `${readme.slice(0, start + README_START.length)}\n\n${readmeTable()}\n\n${readme.slice(end)}`;
}
