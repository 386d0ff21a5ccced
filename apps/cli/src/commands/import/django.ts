import { readFileSync } from 'node:fs';
import type { ImportNotice, UserColumns } from '@gatehouse/accounts';
import { roleSchema, type Role } from '@gatehouse/contract';
import type { ReadOnlyDatabase } from '@gatehouse/prisma';
import { lifetimesOf, sessionSecrets } from '@gatehouse/settings';
import { InvalidArgumentError, Option } from 'commander';
import { command, reporting } from '../../command.ts';
import { EXIT } from '../../exit-codes.ts';
import { Failure } from '../../failure.ts';
import { withSessions, type LocalSessions } from '../../local.ts';
import { withProgress } from '../../terminal/progress.ts';
import { COMMAND_LINE } from '../../write-audit.ts';
import { noticeTable, sessionSummary, userSummary } from './django-report.ts';
import { importSource } from './import-source.ts';

interface ImportDjangoOptions {
  readonly from?: string;
  readonly table: string;
  readonly column: UserColumns;
  readonly staffAs: Role;
  readonly secretKeyFile?: string;
  readonly dryRun?: boolean;
}

export const importDjango = () =>
  command('django', {
    description: "Import the users of a Django site and, with its SECRET_KEY, their live sessions. Django's database is only read.",
    examples: [
      ['gatehouse import django --from postgresql://reader@db/site --dry-run', 'asks for the password, and shows what would happen'],
      ['gatehouse import django --from file:/srv/site/db.sqlite3', 'imports users'],
      ['gatehouse import django --secret-key-file key.txt', 'imports sessions too, from GATEHOUSE_IMPORT_URL'],
      ['pass site/reader-url | gatehouse import django --from -', 'in a script'],
    ],
  })
    .option(
      '--from <url>',
      "URL of Django's database, in the format of DATABASE_URL but without a password; - reads it from stdin (default: GATEHOUSE_IMPORT_URL)",
    )
    .option('--table <name>', "Django's user table", 'auth_user')
    .addOption(
      new Option('--column <name=theirs>', 'a column of that table that has another name; repeat the option for more columns')
        .argParser(addColumn)
        .default({}, "Django's names"),
    )
    .addOption(
      new Option('--staff-as <role>', 'role of users with is_staff who are not superusers').choices(roleSchema.options).default('user'),
    )
    .option('--secret-key-file <file>', 'a file with SECRET_KEY on the first line and SECRET_KEY_FALLBACKS on the following lines')
    .option('--dry-run', 'show what would happen, and write nothing')
    .action(
      reporting(async (options: ImportDjangoOptions) => {
        const from = await importSource(options.from);
        const keys = options.secretKeyFile === undefined ? undefined : readKeys(options.secretKeyFile);
        return withSessions(async (local) => {
          const { openReadOnly } = await import('@gatehouse/prisma');
          const source = await openReadOnly(from.url, from);
          try {
            if (keys) await requireMatchingKey(source, keys);
            const { users, notices } = await importUsers(local, source, options);
            const sessions = keys && (await importSessions(local, source, { ...options, keys }));
            return {
              json: { dryRun: options.dryRun === true, users, notices, ...(sessions && { sessions }) },
              lines: [
                ...(options.dryRun ? ['Dry run. Nothing is written; this is what would happen:'] : []),
                ...userSummary(users),
                ...(notices.length > 0 ? ['', ...noticeTable(notices)] : []),
                ...(sessions ? ['', ...sessionSummary(sessions)] : []),
              ],
              ...(users.refused > 0 && { exitCode: EXIT.FAILURE }),
            };
          } finally {
            await source.close();
          }
        });
      }),
    );

async function importUsers({ database, engine }: LocalSessions, source: ReadOnlyDatabase, options: ImportDjangoOptions) {
  const { importDjangoUsers } = await import('@gatehouse/accounts');
  const notices: ImportNotice[] = [];
  const total = await countUsers(source, options.table);
  const users = await withProgress('Importing users', (progress) =>
    importDjangoUsers({
      database,
      source,
      table: options.table,
      columns: options.column,
      staffAs: options.staffAs,
      dryRun: options.dryRun === true,
      endSessions: (userId) => engine.destroyByUser(userId),
      onNotice: (notice) => notices.push(notice),
      onProgress: (read) => progress.update(read, total),
      by: COMMAND_LINE,
    }),
  );
  return { users, notices };
}

/** undefined if it cannot be counted; the import says what is wrong. */
async function countUsers(source: ReadOnlyDatabase, table: string): Promise<number | undefined> {
  const from = table.split('.').map(source.quoted).join('.');
  const counted = await source.select(`SELECT COUNT(*) FROM ${from}`).catch(() => undefined);
  return counted && Number(counted.rows[0]?.[0]);
}

async function importSessions(
  { database, engine, settings }: LocalSessions,
  source: ReadOnlyDatabase,
  { table, column, dryRun = false, keys }: ImportDjangoOptions & { keys: readonly string[] },
) {
  const [{ claimDjangoSession, djangoSessionOwners }, { importDjangoSessions }] = await Promise.all([
    import('@gatehouse/accounts'),
    import('@gatehouse/session/adoption'),
  ]);
  return withProgress('Importing sessions', () =>
    importDjangoSessions({
      source,
      keys,
      engine,
      lifetimes: lifetimesOf(settings.session),
      secret: sessionSecrets(settings)[0],
      ownersOf: (djangoIds) => djangoSessionOwners(database, source, { djangoIds, table, columns: column }),
      claim: (session) => claimDjangoSession(database, { ...session, by: COMMAND_LINE }),
      dryRun,
    }),
  );
}

/** Checked before anything is written: with a wrong key, no session could be imported and everyone would have to sign in again. */
async function requireMatchingKey(source: ReadOnlyDatabase, keys: readonly string[]): Promise<void> {
  const { isForeignTo } = await import('@gatehouse/session/adoption');
  if (!(await isForeignTo(source, { keys }))) return;
  throw new Failure(
    'WRONG_SECRET_KEY',
    'None of the live sessions is signed with this SECRET_KEY, so nothing was imported. The first line of the file must be the key ' +
      'alone, without quotation marks. To import users without their sessions, leave out --secret-key-file.',
  );
}

/** The columns that are read, by their names in `auth_user`. */
const COLUMNS: Readonly<Record<keyof UserColumns, true>> = {
  id: true,
  password: true,
  username: true,
  email: true,
  first_name: true,
  last_name: true,
  is_active: true,
  is_staff: true,
  is_superuser: true,
  date_joined: true,
};

/** `id=member_id` */
function addColumn(text: string, before: UserColumns): UserColumns {
  const [name = '', theirs = ''] = text.split('=', 2);
  if (!Object.hasOwn(COLUMNS, name) || theirs === '')
    throw new InvalidArgumentError(`Write it as id=member_id. Django's columns are ${Object.keys(COLUMNS).join(', ')}.`);
  return { ...before, [name]: theirs };
}

/** Keys come from a file, because arguments are visible in the process list and stay in the shell's history. */
function readKeys(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure(
      'NO_SECRET_KEY',
      `The file ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`,
      EXIT.USAGE,
    );
  }
  const keys = text.split(/\r?\n/).filter((line) => line !== '');
  if (keys.length === 0) throw new Failure('NO_SECRET_KEY', `The file ${file} is empty. Write Django's SECRET_KEY into it.`, EXIT.USAGE);
  return keys;
}
