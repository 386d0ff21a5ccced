import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOCS_START, pageWithCommands } from './cli-docs.ts';

const path = join(import.meta.dirname, '../../docs/reference/cli.md');
const page = pageWithCommands(readFileSync(path, 'utf8'));
if (page === undefined) throw new Error(`apps/docs/reference/cli.md has lost its marker: ${DOCS_START}`);
writeFileSync(path, page);
