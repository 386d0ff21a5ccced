import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { temporaryDatabase } from '../../testing/index.ts';

const WRITER = `
  import { randomUUID } from 'node:crypto';
  import { openDatabase } from ${JSON.stringify(join(import.meta.dirname, '../open-database.ts'))};
  import { sampleSession } from ${JSON.stringify(join(import.meta.dirname, '../../testing/sample-rows.ts'))};
  const { prisma } = await openDatabase(process.argv[1]);
  for (;;) console.log((await prisma.session.create({ data: sampleSession() })).handle);`;

test('semantics 43: kill -9 loses no acknowledged session and leaves no corrupt row', async () => {
  const { url, prisma } = await temporaryDatabase();
  const writer = spawn(process.execPath, ['--input-type=module', '-e', WRITER, url], { stdio: ['ignore', 'pipe', 'inherit'] });
  const acknowledged: string[] = [];
  for await (const handle of createInterface({ input: writer.stdout })) {
    acknowledged.push(handle);
    if (acknowledged.length === 200) writer.kill('SIGKILL');
  }
  if (writer.exitCode === null && writer.signalCode === null) await once(writer, 'exit');
  expect(writer.signalCode).toBe('SIGKILL');
  expect(await prisma.session.count({ where: { handle: { in: acknowledged } } })).toBe(acknowledged.length);
  expect(await prisma.$queryRaw`PRAGMA integrity_check`).toEqual([{ integrity_check: 'ok' }]);
});
