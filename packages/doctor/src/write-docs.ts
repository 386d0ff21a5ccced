import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOCS_START, pageWithChecks } from './doctor-docs.ts';

const path = join(import.meta.dirname, '../../../docs/doctor.md');
const page = pageWithChecks(readFileSync(path, 'utf8'));
if (page === undefined) throw new Error(`docs/doctor.md has lost its marker: ${DOCS_START}`);
writeFileSync(path, page);
