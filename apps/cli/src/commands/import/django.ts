import { readFileSync } from 'node:fs';
import type { ImportNotice, ImportedUsers, UserColumns } from '@gatehouse/accounts';
import { roleSchema, type Role } from '@gatehouse/contract';
import type { ReadOnlyDatabase } from '@gatehouse/prisma';
import type { SessionOutcome } from '@gatehouse/session/adoption';
import { lifetimesOf, sessionSecrets } from '@gatehouse/settings';
import { InvalidArgumentError, Option } from 'commander';
import { command, reporting } from '../../command.ts';
import { EXIT } from '../../exit-codes.ts';
import { Failure } from '../../failure.ts';
import { withSessions, type LocalSessions } from '../../local.ts';
import { COMMAND_LINE } from '../../write-audit.ts';
import { counted } from '../../terminal/counted.ts';
import { table as asTable } from '../../terminal/table.ts';
import { NOTICES } from './django-notices.ts';
import { importSource } from './import-source.ts';

interface ImportDjangoOptions {
  readonly from?: string;
  readonly table: string;
  readonly column: UserColumns;
  readonly staffAs: Role;
  readonly secretKeyFile?: string;
  readonly dryRun?: boolean;
}

export const django = () =>
  command('django', {
    description: "Bring the users of a Django site here, and with its SECRET_KEY its live sessions. Django's database is only read.",
    examples: [
      ['gatehouse import django --from postgresql://reader@db/site --dry-run', 'asks for the password, says what would happen'],
      ['gatehouse import django --from file:/srv/site/db.sqlite3', 'brings users'],
      ['gatehouse import django --secret-key-file key.txt', 'brings sessions too, from GATEHOUSE_IMPORT_URL'],
      ['pass site/reader-url | gatehouse import django --from -', 'in a script'],
    ],
  })
    .option(
      '--from <url>',
      "Django's database: file:, mysql:// or postgresql://, as in DATABASE_URL but without a password; - reads it from stdin (default: GATEHOUSE_IMPORT_URL)",
    )
    .option('--table <name>', "Django's table of users", 'auth_user')
    .addOption(
      new Option('--column <name=theirs>', 'a column of that table that is called otherwise; once for each')
        .argParser(addColumn)
        .default({}, 'as Django names them'),
    )
    .addOption(
      new Option('--staff-as <role>', 'what is_staff makes of someone who is no superuser').choices(roleSchema.options).default('user'),
    )
    .option('--secret-key-file <file>', 'a file with SECRET_KEY on its first line, and SECRET_KEY_FALLBACKS on the next')
    .option('--dry-run', 'write nothing')
    .action(
      reporting(async (options: ImportDjangoOptions) => {
        const from = await importSource(options.from);
        const keys = options.secretKeyFile === undefined ? undefined : keysIn(options.secretKeyFile);
        return withSessions(async (local) => {
          const { openReadOnly } = await import('@gatehouse/prisma');
          const source = await openReadOnly(from.url, from);
          try {
            if (keys) await requireKeysOf(source, keys);
            const { users, notices } = await bringUsers(local, source, options);
            const sessions = keys && (await bringSessions(local, source, { ...options, keys }));
            return {
              json: { dryRun: options.dryRun === true, users, notices, ...(sessions && { sessions }) },
              lines: [
                ...(options.dryRun ? ['Nothing is written: this is what would happen.'] : []),
                ...summary(users),
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

async function bringUsers({ database, engine }: LocalSessions, source: ReadOnlyDatabase, options: ImportDjangoOptions) {
  const { importDjangoUsers } = await import('@gatehouse/accounts');
  const notices: ImportNotice[] = [];
  const users = await importDjangoUsers({
    database,
    source,
    table: options.table,
    columns: options.column,
    staffAs: options.staffAs,
    dryRun: options.dryRun === true,
    endSessions: (userId) => engine.destroyByUser(userId),
    onNotice: (notice) => notices.push(notice),
    by: COMMAND_LINE,
  });
  return { users, notices };
}

async function bringSessions(
  { database, engine, settings }: LocalSessions,
  source: ReadOnlyDatabase,
  { table, column, dryRun = false, keys }: ImportDjangoOptions & { keys: readonly string[] },
) {
  const [{ claimDjangoSession, djangoSessionOwners }, { importDjangoSessions }] = await Promise.all([
    import('@gatehouse/accounts'),
    import('@gatehouse/session/adoption'),
  ]);
  return importDjangoSessions({
    source,
    keys,
    engine,
    lifetimes: lifetimesOf(settings.session),
    secret: sessionSecrets(settings)[0],
    ownersOf: (djangoIds) => djangoSessionOwners(database, source, { djangoIds, table, columns: column }),
    claim: (session) => claimDjangoSession(database, { ...session, by: COMMAND_LINE }),
    dryRun,
  });
}

/** Before anything is written: with a wrong key everyone would be signed out, and nobody told. */
async function requireKeysOf(source: ReadOnlyDatabase, keys: readonly string[]): Promise<void> {
  const { isForeignTo } = await import('@gatehouse/session/adoption');
  if (!(await isForeignTo(source, { keys }))) return;
  throw new Failure(
    'WRONG_SECRET_KEY',
    'None of the live sessions is signed with this SECRET_KEY, so nothing was brought. The first line of the file is the key alone, ' +
      'without quotation marks. To bring users without their sessions, leave --secret-key-file out.',
  );
}

/** Every one that is read, by its name in `auth_user`. */
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
    throw new InvalidArgumentError(`Write it as id=member_id, with one of ${Object.keys(COLUMNS).join(', ')}.`);
  return { ...before, [name]: theirs };
}

/** Never an argument: it would be in the shell's history and in the list of processes. */
function keysIn(file: string): string[] {
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

const summary = ({ read, imported, updated, unchanged, refused }: ImportedUsers): string[] => [
  `${counted(read, 'user')} read: ${imported} imported, ${updated} brought up to date, ${unchanged} here before, ${refused} refused.`,
];

const noticeTable = (notices: readonly ImportNotice[]): string[] =>
  asTable(
    ['Id', 'User', 'Why'],
    notices.map(({ djangoId, username, reason }) => [djangoId, username, NOTICES[reason]]),
  );

const sessionSummary = (sessions: Readonly<Record<SessionOutcome, number>>): string[] => [
  `${counted(sessions.imported, 'session')} imported. Not: ${sessions.expired} expired, ${sessions.anonymous} of nobody, ${sessions.ended} ended by a ` +
    `changed password, a suspension or here, or of a user who has no account here, ${sessions.before} that came before, ${sessions.unreadable} not signed with this key.`,
];
