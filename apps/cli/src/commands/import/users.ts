import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import type { FieldMap, FileFormat, ImportedFile, LineProblem } from '@gatehouse/accounts';
import { InvalidArgumentError, Option } from 'commander';
import { command, reporting } from '../../command.ts';
import { EXIT } from '../../exit-codes.ts';
import { Failure } from '../../failure.ts';
import { withLocal } from '../../local.ts';
import { counted } from '../../terminal/counted.ts';
import { withProgress } from '../../terminal/progress.ts';
import { table } from '../../terminal/table.ts';
import { COMMAND_LINE } from '../../write-audit.ts';

interface ImportUsersOptions {
  readonly format?: FileFormat;
  readonly map: FieldMap;
  readonly dryRun?: boolean;
}

export const importUsers = () =>
  command('users', {
    description:
      'Import users from a file of CSV or JSON Lines, with their ids and password hashes. Users who are there already are left as they are. ' +
      'Fields: id and email; optional: username, name, role, status, password (the hash), createdAt, attributes or attributes.<field>.',
    examples: [
      ['gatehouse import users people.csv --dry-run', 'shows what would happen, and everything that is wrong'],
      ['gatehouse import users people.jsonl --map email=mail --map password=password_hash', 'with other names in the file'],
      ['gatehouse import users people.jsonl --map id=_id.$oid', 'a value inside an object'],
    ],
  })
    .argument('<file>', 'a UTF-8 file; the first line of CSV has the names of the columns')
    .addOption(new Option('--format <format>', 'csv or jsonl (default: from the name of the file)').choices(['csv', 'jsonl']))
    .addOption(
      new Option('--map <field=theirs>', 'a field that has another name in the file; repeat the option for more fields')
        .argParser(addField)
        .default({}, 'the names above'),
    )
    .option('--dry-run', 'show what would happen, and write nothing')
    .action(
      reporting(async (file: string, { format = formatOf(file), map, dryRun = false }: ImportUsersOptions) => {
        if (!existsSync(file)) throw new Failure('NO_FILE', `There is no file ${file}.`, EXIT.USAGE);
        return withLocal(async ({ database }) => {
          const { ImportFileError, importUsersFile, USER_FIELDS } = await import('@gatehouse/accounts');
          refuseUnknown(map, USER_FIELDS);
          const problems: LineProblem[] = [];
          try {
            const users = await withProgress('Importing users', (progress) =>
              importUsersFile({
                database,
                file,
                format,
                columns: map,
                dryRun,
                by: COMMAND_LINE,
                onProblem: (problem) => {
                  if (problems.length < MAX_PROBLEMS) problems.push(problem);
                },
                onProgress: (read, total) => progress.update(read, total),
              }),
            );
            return {
              json: { dryRun, users, problems },
              lines: [
                ...(dryRun ? ['Dry run. Nothing is written; this is what would happen:'] : []),
                ...summary(users),
                ...listed(users, problems),
              ],
              ...(users.refused > 0 && { exitCode: EXIT.FAILURE }),
            };
          } catch (error) {
            if (error instanceof ImportFileError) throw new Failure(error.code, error.message);
            throw error;
          }
        });
      }),
    );

/** A wrong file has as many problems as lines. */
const MAX_PROBLEMS = 10_000;

function summary({ read, imported, unchanged, refused, withoutPassword, ignored }: ImportedFile): string[] {
  return [
    `${counted(read, 'user')} read: ${imported} imported, ${unchanged} unchanged, ${refused} refused.`,
    ...(withoutPassword > 0 ? [`${counted(withoutPassword, 'user')} without a password. Set one: gatehouse changepassword`] : []),
    ...(ignored.length > 0 ? [`Not read from the file: ${ignored.join(', ')}. To read a field by another name: --map email=mail`] : []),
  ];
}

function listed({ refused }: ImportedFile, problems: readonly LineProblem[]): string[] {
  if (problems.length === 0) return [];
  const more = refused - problems.length;
  return [
    '',
    ...table(
      ['Line', 'Problem'],
      problems.flatMap(({ line, problems: wrong }) => wrong.map((problem) => [String(line), problem])),
    ),
    ...(more > 0 ? [`And ${counted(more, 'more line')}.`] : []),
  ];
}

const FORMATS: Readonly<Record<string, FileFormat>> = { '.csv': 'csv', '.jsonl': 'jsonl', '.ndjson': 'jsonl' };

function formatOf(file: string): FileFormat {
  const format = FORMATS[extname(file).toLowerCase()];
  if (format === undefined)
    throw new Failure('USAGE', `The name of ${file} does not say its format. Add --format csv or --format jsonl.`, EXIT.USAGE);
  return format;
}

function refuseUnknown(map: FieldMap, fields: readonly string[]): void {
  const unknown = Object.keys(map).filter((field) => !fields.includes(field) && !/^attributes\../.test(field));
  if (unknown.length > 0)
    throw new Failure(
      'USAGE',
      `There is no field ${unknown.join(', ')}. The fields are ${fields.join(', ')} and attributes.<field>.`,
      EXIT.USAGE,
    );
}

/** `email=mail` */
function addField(text: string, before: FieldMap): FieldMap {
  const at = text.indexOf('=');
  const [field, theirs] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 1 || theirs === '') throw new InvalidArgumentError('Write it as email=mail.');
  return { ...before, [field]: theirs };
}
