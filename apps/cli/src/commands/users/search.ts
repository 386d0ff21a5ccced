import { accountStatusSchema, roleSchema, userSortSchema, type AccountStatus, type Role, type UserSort } from '@gatehouse/contract';
import { Option } from 'commander';
import { MAX_SEARCH_PAGE, type Administration, type DescribedUser } from '../../administration/administration.ts';
import { serverOption, withAdministration } from '../../administration/with-administration.ts';
import { command, reporting } from '../../command.ts';
import { positiveInteger } from '../../positive-integer.ts';
import type { ServerOptions } from '../../server-connection.ts';
import { shortened } from '../../terminal/printable.ts';
import { table } from '../../terminal/table.ts';
import { fromNow } from '../../terminal/time.ts';

interface SearchOptions extends ServerOptions {
  readonly role?: Role;
  readonly status?: AccountStatus;
  readonly sort: UserSort;
  readonly limit: number;
}

export const usersSearch = () =>
  command('search', {
    description:
      'Find accounts by the beginnings of words of their name, user name or e-mail address, in any letter case, with or without accents. ' +
      'Every word must match.',
    examples: [
      ['gatehouse users search ada', 'Ada Lovelace, and ada@example.org'],
      ['gatehouse users search lov ada', 'both words must match'],
      ['gatehouse users search --status suspended --sort createdAt', 'all suspended accounts, newest first'],
    ],
  })
    .argument('[words...]', 'beginnings of words (default: all accounts)')
    .addOption(new Option('--role <role>', 'only accounts with this role').choices(roleSchema.options))
    .addOption(new Option('--status <status>', 'only accounts with this status').choices(accountStatusSchema.options))
    .addOption(new Option('--sort <by>', 'the order; times are newest first').choices(userSortSchema.options).default('name'))
    .addOption(new Option('--limit <number>', 'maximum number of accounts').argParser(positiveInteger).default(50))
    .addOption(serverOption())
    .action(
      reporting((words: readonly string[], options: SearchOptions) =>
        withAdministration(options, async (admin) => {
          const { users, isMore, isComplete } = await find(admin, words.join(' '), options);
          const lines = [
            ...(users.length === 0 ? ['No matching accounts.'] : userTable(users, new Date())),
            ...(isMore ? [`More accounts match; --limit ${options.limit * 10} shows more.`] : []),
            ...(isComplete ? [] : ['More accounts match than are sorted in one search, so some are missing. Add a word or a filter.']),
          ];
          return { json: { users, isMore, isComplete }, lines };
        }),
      ),
    );

async function find(admin: Administration, text: string, { role, status, sort, limit }: SearchOptions) {
  const users: DescribedUser[] = [];
  let next: string | null = null;
  let isComplete = true;
  do {
    const page: Awaited<ReturnType<Administration['searchUsers']>> = await admin.searchUsers({
      text,
      sort,
      limit: Math.min(MAX_SEARCH_PAGE, limit - users.length),
      ...(role && { role }),
      ...(status && { status }),
      ...(next !== null && { cursor: next }),
    });
    users.push(...page.users);
    next = page.next;
    isComplete &&= page.isComplete;
  } while (next !== null && users.length < limit);
  return { users, isMore: next !== null, isComplete };
}

const userTable = (users: readonly DescribedUser[], now: Date): string[] =>
  table(
    ['User', 'E-mail', 'Name', 'Role', 'Status', 'Sessions', 'Last sign-in'],
    users.map(({ username, email, name, role, status, sessions, lastSignIn }) => [
      username,
      email,
      shortened(name, 30),
      role,
      status,
      sessions === null ? '-' : String(sessions),
      lastSignIn === null ? '-' : fromNow(lastSignIn, now),
    ]),
  );
