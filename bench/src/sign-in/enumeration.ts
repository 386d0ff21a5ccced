import { createAccounts } from '@gatehouse/accounts';
import { openDatabase } from '@gatehouse/prisma';
import { openConnection } from '../load/connection.ts';
import { requestText } from '../load/request-text.ts';
import { createShuffle } from '../load/shuffle.ts';
import type { Table } from '../report/table.ts';
import { spreadOf } from '../report/spread.ts';
import { BENCH_USER } from '../services.ts';
import { twoSamples } from './two-samples.ts';

const PASSWORD = 'quite another battery';

/** Measures how long a refusal takes for an unknown name, a wrong password and a suspended account, as a stranger could. */
export async function measureEnumeration({
  port,
  databaseUrl,
  tries,
}: {
  port: number;
  databaseUrl: string;
  tries: number;
}): Promise<Table> {
  await addSuspended(databaseUrl);
  const names = {
    'unknown name': ['nobody-of-this-name', PASSWORD],
    'wrong password': [BENCH_USER.username, PASSWORD],
    'suspended account, right password': ['suspended', BENCH_USER.password],
  } as const;
  const connection = await openConnection(port);
  const times = new Map<string, number[]>(Object.keys(names).map((name) => [name, []]));
  const order = createShuffle(1)(Array.from({ length: tries }, () => Object.keys(names)).flat());
  for (const name of order) {
    const [identifier, password] = names[name as keyof typeof names];
    const body = { '0': { identifier, password } };
    // oxlint-disable-next-line no-await-in-loop -- one at a time, like a stranger
    const { status, ms } = await connection.send(
      Buffer.from(requestText({ method: 'POST', path: '/trpc/auth.login?batch=1', body }, port)),
    );
    if (status !== 401) throw new Error(`A refused sign-in was answered with ${status}.`);
    times.get(name)?.push(ms);
  }
  connection.close();

  const reference = times.get('wrong password') ?? [];
  return {
    head: ['refused', 'median ms', 'distance to “wrong password”', 'distinguishable above'],
    lines: [...times].map(([name, list]) => {
      const { distance, critical } = twoSamples(list, reference);
      return [name, (spreadOf(list)?.median ?? 0).toFixed(2), distance.toFixed(3), critical.toFixed(3)];
    }),
  };
}

async function addSuspended(databaseUrl: string): Promise<void> {
  const database = await openDatabase(databaseUrl);
  const accounts = createAccounts({ database });
  const created = await accounts.createUser({
    username: 'suspended',
    email: 'suspended@example.org',
    name: 'Sue',
    role: 'user',
    password: BENCH_USER.password,
  });
  if (!created.ok) throw new Error(JSON.stringify(created.problems));
  await accounts.setStatus(created.user.id, 'suspended');
  await database.close();
}
