import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProjectRoot } from './project-root.ts';
import { envExample, PAGE_START, pageWithTables } from './settings-docs.ts';

const root = findProjectRoot(import.meta.dirname);
writeFileSync(join(root, '.env.example'), envExample());

const path = join(root, 'apps/docs/reference/settings.md');
const page = pageWithTables(readFileSync(path, 'utf8'));
if (page === undefined) throw new Error(`apps/docs/reference/settings.md has lost its marker: ${PAGE_START}`);
writeFileSync(path, page);
