import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { sampleUser, temporaryDatabase } from '../../testing/index.ts';

const PROCESSES = 3;
const INCREMENTS = 100;

/** Reads a number and writes it plus one. An update is lost if two transactions overlap. */
const COUNTER = `
  import { openDatabase } from ${JSON.stringify(join(import.meta.dirname, '../open-database.ts'))};
  const [url, id] = process.argv.slice(1);
  const { prisma, close } = await openDatabase(url, { busyTimeoutMs: 15_000 });
  await Promise.all(Array.from({ length: ${INCREMENTS} }, () => prisma.$transaction(async (tx) => {
    const user = await tx.user.findUniqueOrThrow({ where: { id } });
    await new Promise(setImmediate);
    await tx.user.update({ where: { id }, data: { credentialEpoch: user.credentialEpoch + 1 } });
  })));
  await close();`;

test('F-07: processes that write at the same time, such as CLI and server, lose no update', async () => {
  const { url, prisma } = await temporaryDatabase();
  const { id } = await prisma.user.create({ data: sampleUser() });
  await Promise.all(
    Array.from({ length: PROCESSES }, () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', COUNTER, url, id])),
  );
  expect(await prisma.user.findUnique({ where: { id } })).toMatchObject({ credentialEpoch: PROCESSES * INCREMENTS });
});
