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

/** The part of the page that people write. It is kept. */
const NOTES = /\n## What dominates[\s\S]*$/;

export const resultsPage = ({ command, machine, contenders, sections }: ResultsPage, before: string): string =>
  `# Benchmarks

Written by \`${command}\`; [README.md](README.md) explains the columns and the method.

${machine.map((line) => `- ${line}`).join('\n')}

## What each server does for \`auth.me\`

${contenders.map(({ name, description }) => `- **${name}.** ${description}`).join('\n')}
${sections.map(({ title, text, table }) => `\n## ${title}\n\n${text}\n\n${markdownTable(table)}\n`).join('')}${NOTES.exec(before)?.[0] ?? ''}`;
