import type { Accounts } from '@gatehouse/accounts';
import type { ListedUser } from '@gatehouse/contract';
import { Option } from 'commander';
import { command, reporting } from '../../command.ts';
import { withAccounts } from '../../local.ts';
import { positiveInteger } from '../../positive-integer.ts';
import { shortened } from '../../terminal/printable.ts';
import { table } from '../../terminal/table.ts';

export const usersList = () =>
  command('list', {
    description: 'List accounts by user name.',
    examples: [
      ['gatehouse users list', 'the first 50'],
      ['gatehouse users list --limit 100000 --json', 'as JSON, for a script'],
    ],
  })
    .addOption(new Option('--limit <number>', 'maximum number of accounts').argParser(positiveInteger).default(50))
    .action(
      reporting(({ limit }: { readonly limit: number }) =>
        withAccounts(async ({ accounts }) => {
          const [users, total] = await Promise.all([firstUsers(accounts, limit), accounts.countUsers()]);
          const more = total > users.length ? [`${users.length} of ${total} accounts; --limit ${total} shows all.`] : [];
          const lines = users.length === 0 ? ['No accounts. Create one: gatehouse createuser'] : [...userTable(users), ...more];
          return { json: { users, total }, lines };
        }),
      ),
    );

async function firstUsers(accounts: Accounts, limit: number): Promise<ListedUser[]> {
  const found: ListedUser[] = [];
  for (;;) {
    const wanted = Math.min(limit - found.length, 500);
    const after = found.at(-1)?.username;
    const page = await accounts.listUsers({ limit: wanted, ...(after !== undefined && { after }) });
    found.push(...page);
    if (page.length < wanted || found.length === limit) return found;
  }
}

const userTable = (users: readonly ListedUser[]): string[] =>
  table(
    ['User', 'E-mail', 'Name', 'Role', 'Status', 'Created'],
    users.map(({ username, email, name, role, status, createdAt }) => [
      username,
      email,
      shortened(name, 30),
      role,
      status,
      createdAt.toISOString().slice(0, 10),
    ]),
  );
