#!/usr/bin/env node
import { problemOfNode } from './node-version.ts';

// main.ts is imported only after this check, because older versions of Node cannot load all of it.
const problem = problemOfNode(process.versions.node);
if (problem === undefined) {
  const { main } = await import('./main.ts');
  process.exitCode = await main(process.argv.slice(2));
} else {
  console.error(problem);
  process.exitCode = 1;
}
