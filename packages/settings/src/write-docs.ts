import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProjectRoot } from './project-root.ts';
import { envExample, readmeWithTable } from './settings-docs.ts';

const root = findProjectRoot(import.meta.dirname);
writeFileSync(join(root, '.env.example'), envExample());

const readmePath = join(root, 'README.md');
const readme = existsSync(readmePath) ? readmeWithTable(readFileSync(readmePath, 'utf8')) : undefined;
if (readme !== undefined) writeFileSync(readmePath, readme);
