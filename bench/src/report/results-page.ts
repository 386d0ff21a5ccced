import type { Contender } from '../contender.ts';
import { markdownTable, type Table } from './table.ts';

export interface Section {
  readonly title: string;
  readonly text: string;
  readonly table: Table;
}

export interface ResultsPage {
  readonly command: string;
  readonly machine: readonly string[];
  readonly contenders: readonly Contender[];
  readonly sections: readonly Section[];
}

/** The part of the page that people write: what a profile says. Kept from one run to the next. */
const NOTES = /\n## What dominates[\s\S]*$/;

export const resultsPage = ({ command, machine, contenders, sections }: ResultsPage, before: string): string =>
  `# Benchmarks

Written by \`${command}\`; what the columns mean and how it is measured is in [README.md](README.md).

${machine.map((line) => `- ${line}`).join('\n')}

## Who does what for one \`auth.me\`

${contenders.map(({ name, does }) => `- **${name}.** ${does}`).join('\n')}
${sections.map(({ title, text, table }) => `\n## ${title}\n\n${text}\n\n${markdownTable(table)}\n`).join('')}${NOTES.exec(before)?.[0] ?? ''}`;
