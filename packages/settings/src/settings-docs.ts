import { SETTINGS_TABLE } from './settings-table.ts';

/** `.env.example` and the README's table are made from the settings themselves: `pnpm --filter @gatehouse/settings write-docs`. */

export const README_START = '<!-- settings:start -->';
export const README_END = '<!-- settings:end -->';

const plain = (text: string): string => text.replaceAll('`', '');

/** Every setting as a comment with its default, so that a copy changes nothing until a line is uncommented. */
export function envExample(): string {
  const head =
    '# Copy to .env and uncomment what you want to change. The real environment wins over this file.\n# What is shown is the default. Ages and waits are in seconds.';
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

/** The README with the table between its markers as it must be; undefined if it has no markers. */
export function readmeWithTable(readme: string): string | undefined {
  const start = readme.indexOf(README_START);
  const end = readme.indexOf(README_END);
  if (start === -1 || end < start) return undefined;
  return `${readme.slice(0, start + README_START.length)}\n\n${readmeTable()}\n\n${readme.slice(end)}`;
}
