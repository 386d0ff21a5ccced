import { assertAttributesSchema, userAttributesSchema, type AttributesSchema } from '@gatehouse/contract';
import { inTransaction, isUniqueViolation, type Database } from '@gatehouse/prisma';
import { activityRow, SYSTEM, type Actor } from '../activity-row.ts';
import { insertUsers } from '../insert-users.ts';
import { existingAccounts } from './existing-accounts.ts';
import { readRecords, type FileFormat } from './records.ts';
import { readUser, UNUSABLE_PASSWORD, USER_FIELDS, type FieldMap, type ImportedUser } from './user-record.ts';

export interface ImportFileOptions {
  /** The database to import into. */
  readonly database: Database;
  readonly file: string;
  readonly format: FileFormat;
  /** Names in the file: `{ email: 'mail', 'attributes.department': 'dept' }`. Default: the names here. */
  readonly columns?: FieldMap | undefined;
  /** Your own user fields. Default: the contract's `userAttributesSchema`. */
  readonly attributes?: AttributesSchema | undefined;
  /** Reports the outcome without writing anything. Default: false. */
  readonly dryRun?: boolean | undefined;
  /** Called for every line that was not imported, with everything that is wrong with it. Never gets a password or hash. */
  readonly onProblem: (problem: LineProblem) => void;
  /** Called after each transaction with the number of users read so far; `total` is unknown in a dry run. */
  readonly onProgress?: ((read: number, total: number | undefined) => void) | undefined;
  /** The actor, for the audit trail. Default: `SYSTEM`. */
  readonly by?: Actor | undefined;
  readonly now?: (() => Date) | undefined;
}

export interface LineProblem {
  /** Counted from 1. */
  readonly line: number;
  readonly problems: readonly string[];
}

export interface ImportedFile {
  readonly read: number;
  readonly imported: number;
  /** Imported before. They are left as they are. */
  readonly unchanged: number;
  readonly refused: number;
  /** Of the imported ones. They need a new password, or sign in some other way. */
  readonly withoutPassword: number;
  /** Names in the file that nothing was read from. */
  readonly ignored: readonly string[];
}

interface Candidate {
  readonly line: number;
  readonly user: ImportedUser;
}

/** Users per transaction. */
const BATCH = 500;
const MAX_IGNORED = 100;

/**
 * Imports users from a file, with the ids that they have. Each user is imported completely or refused with the reasons. Safe to run again:
 * users who are there already stay unchanged. The file is streamed, twice; only ids, user names and addresses are kept, to find those that
 * occur twice.
 *
 * @throws ImportFileError if the file as a whole cannot be used; nothing was written. Any other error, such as that of a database which
 * cannot be reached, leaves what was imported until then: whole groups of users, from the beginning of the file.
 */
export async function importUsersFile({
  database: { prisma },
  file,
  format,
  columns = {},
  attributes = userAttributesSchema,
  dryRun = false,
  onProblem,
  onProgress,
  by = SYSTEM,
  now = () => new Date(),
}: ImportFileOptions): Promise<ImportedFile> {
  assertAttributesSchema(attributes);
  // Text that cannot be decoded, far down in the file, must not be found when half of the users are imported.
  const total = dryRun ? undefined : await readWhole(file, { format, columns });
  const counts = { read: 0, imported: 0, unchanged: 0, refused: 0, withoutPassword: 0 };
  const firstLines = new Map<string, number>();
  const ignored = new Set<string>();
  const isKnown = knownNames(columns);

  function refuse(line: number, problems: readonly string[]): void {
    counts.refused += 1;
    onProblem({ line, problems });
  }

  async function insert(batch: readonly Candidate[]): Promise<void> {
    if (batch.length === 0) return;
    const entries = batch.map(({ user: { id, role } }) =>
      activityRow({ kind: 'user_imported', detail: { role }, userId: id, at: now(), by }),
    );
    try {
      const users = batch.map(({ user }) => user);
      if (!dryRun) await inTransaction(prisma, (tx) => insertUsers(tx, users, entries));
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      const [first] = batch;
      // An account was created at the same time. Retry one by one to find it.
      if (batch.length === 1 && first) return refuse(first.line, ['the id, user name or e-mail address was taken at this moment']);
      for (const one of batch) await insert([one]);
      return;
    }
    counts.imported += batch.length;
    counts.withoutPassword += batch.filter(({ user }) => user.passwordHash === UNUSABLE_PASSWORD).length;
  }

  async function finish(batch: readonly Candidate[]): Promise<void> {
    const existing = await existingAccounts(prisma, {
      ids: batch.map(({ user }) => user.id),
      usernameKeys: batch.map(({ user }) => user.usernameKey),
      emailKeys: batch.map(({ user }) => user.emailKey),
    });
    const byId = new Map(existing.map((account) => [account.id, account]));
    const ownerOfName = new Map(existing.map(({ usernameKey, id }) => [usernameKey, id]));
    const ownerOfEmail = new Map(existing.map(({ emailKey, id }) => [emailKey, id]));
    const fresh: Candidate[] = [];
    for (const candidate of batch) {
      const { user, line } = candidate;
      const account = byId.get(user.id);
      if (account && (account.usernameKey === user.usernameKey || account.emailKey === user.emailKey)) {
        counts.unchanged += 1;
        continue;
      }
      const problems = [
        ...(account ? [`an account with the id ${user.id} exists, with another user name and e-mail address`] : []),
        ...(ownerOfName.has(user.usernameKey) ? [`the user name belongs to the account ${ownerOfName.get(user.usernameKey)}`] : []),
        ...(ownerOfEmail.has(user.emailKey) ? [`the e-mail address belongs to the account ${ownerOfEmail.get(user.emailKey)}`] : []),
      ];
      if (problems.length > 0) refuse(line, problems);
      else fresh.push(candidate);
    }
    await insert(fresh);
  }

  let batch: Candidate[] = [];
  for await (const record of readRecords(file, format, requiredNames(columns))) {
    counts.read += 1;
    if ('problem' in record) {
      refuse(record.line, [record.problem]);
      continue;
    }
    for (const name of record.values.keys()) if (ignored.size < MAX_IGNORED && !isKnown(name)) ignored.add(name);
    const user = readUser(record.values, { columns, attributes, now: now() });
    const problems = 'problems' in user ? user.problems : repeated(user, { line: record.line, firstLines });
    if ('problems' in user || problems.length > 0) refuse(record.line, problems);
    else batch.push({ line: record.line, user });
    if (batch.length < BATCH) continue;
    await finish(batch);
    onProgress?.(counts.read, total);
    batch = [];
  }
  if (batch.length > 0) await finish(batch);
  return { ...counts, ignored: [...ignored] };
}

/** Returns the number of records. @throws ImportFileError */
async function readWhole(file: string, { format, columns }: { format: FileFormat; columns: FieldMap }): Promise<number> {
  const records = readRecords(file, format, requiredNames(columns));
  let total = 0;
  while (!(await records.next()).done) total += 1;
  return total;
}

/** Where id, user name or address have occurred before. Remembers them. */
function repeated(user: ImportedUser, { line, firstLines }: { line: number; firstLines: Map<string, number> }): string[] {
  const keys = [
    ['id', `i ${user.id}`],
    ['user name', `u ${user.usernameKey}`],
    ['e-mail address', `e ${user.emailKey}`],
  ] as const;
  const problems = keys.flatMap(([what, key]) => (firstLines.has(key) ? [`line ${firstLines.get(key)} has the same ${what}`] : []));
  if (problems.length === 0) for (const [, key] of keys) firstLines.set(key, line);
  return problems;
}

/** Without these columns no line can be imported. */
const requiredNames = (columns: FieldMap): string[] => ['id', 'email'].map((field) => columns[field] ?? field);

function knownNames(columns: FieldMap): (name: string) => boolean {
  const theirs = new Set(Object.values(columns).flatMap((name) => [name, name.split('.', 1)[0] ?? name]));
  const ours = new Set((USER_FIELDS as readonly string[]).filter((field) => !Object.hasOwn(columns, field)));
  return (name) => theirs.has(name) || ours.has(name) || name.startsWith('attributes.');
}
