import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

/**
 * An app of its own process. It reads a line before it opens the database, so that the processes of a round, whose imports take different
 * times, start together.
 */
const APP = `
  import { createInterface } from 'node:readline';
  import { createGatehouse } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
  console.log('loaded');
  for await (const databaseUrl of createInterface({ input: process.stdin })) {
    try {
      const gatehouse = await createGatehouse({ databaseUrl, logger: { info() {}, warn() {}, error() {} } });
      const applied = gatehouse.appliedMigrations.length;
      await gatehouse.close();
      console.log(applied > 0 ? 'created' : 'found');
    } catch (error) {
      console.log(String(error.message).replaceAll('\\n', ' '));
    }
  }`;

const PROCESSES = 3;
const ROUNDS = 12;

test('processes that start at once on a new SQLite file all start, and one of them creates the tables', async () => {
  // Inside the package, so that relative addresses of databases belong to it and the compiler finds its packages.
  const folder = await mkdtemp(join(import.meta.dirname, '../start-together-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'package.json'), '{}');

  const children = Array.from({ length: PROCESSES }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', APP], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  const lines = children.map(({ stdout }) => stdout.setEncoding('utf8')[Symbol.asyncIterator]());
  const answers = () => Promise.all(lines.map(async (line) => String((await line.next()).value).trim()));
  expect(await answers()).toEqual(children.map(() => 'loaded'));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { stdin } of children) stdin.write(`file:${join(folder, `${round}/app.db`)}\n`);
    // oxlint-disable-next-line no-await-in-loop -- the rounds are for different interleavings of the same processes
    expect((await answers()).toSorted()).toEqual(['created', 'found', 'found']);
  }
  for (const { stdin } of children) stdin.end();
  await Promise.all(children.map((child) => once(child, 'exit')));
});
