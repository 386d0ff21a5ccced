import { parse, type Info } from 'csv-parse';
import { ImportFileError, readLines, type Line } from './lines.ts';

export type FileFormat = 'csv' | 'jsonl';

/** The values of one user by the names in the file, or why the line cannot be read. */
export type FileRecord = { readonly line: number } & ({ readonly values: ReadonlyMap<string, unknown> } | { readonly problem: string });

/**
 * Reads users from a file without keeping more than a few of them in memory. Empty lines are skipped.
 *
 * - `csv`: comma-separated, the first line has the names of the columns. An empty field is a missing value.
 * - `jsonl`: one JSON object per line.
 *
 * @throws ImportFileError if the file as a whole cannot be read, for example without a header or without a column that is required
 */
export const readRecords = (file: string, format: FileFormat, required: readonly string[]): AsyncGenerator<FileRecord> =>
  format === 'csv' ? csv(file, required) : jsonLines(file);

async function* jsonLines(file: string): AsyncGenerator<FileRecord> {
  for await (const read of readLines(file)) {
    if ('problem' in read) yield read;
    else if (read.text.trim() !== '') yield { line: read.line, ...parseObject(read.text) };
  }
}

function parseObject(text: string): { values: ReadonlyMap<string, unknown> } | { problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'is not JSON. Each line must be one whole JSON object' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { problem: 'is not a JSON object' };
  return { values: new Map(Object.entries(value)) };
}

/** A quoted field may have line breaks, so a wrong quotation mark would make one field of the rest of the file. */
const MAX_RECORD_LENGTH = 2 ** 20;

interface CsvRow {
  readonly record: readonly string[];
  readonly info: Info;
}

async function* csv(file: string, required: readonly string[]): AsyncGenerator<FileRecord> {
  const parser = parse({ info: true, max_record_size: MAX_RECORD_LENGTH, relax_column_count: true, skip_empty_lines: true, trim: true });
  void feed(parser, readLines(file));
  let header: readonly string[] | undefined;
  let line = 1;
  try {
    for await (const row of parser) {
      const { record, info } = row as CsvRow;
      if (!header) header = checkHeader(record, required);
      else if (record.length !== header.length) yield { line, problem: `has ${record.length} fields, and the header has ${header.length}` };
      else yield { line, values: new Map(header.map((name, index) => [name, record[index] || undefined])) };
      line = info.lines + 1;
    }
  } catch (error) {
    if (!isCsvError(error)) throw error;
    if (!header) throw new ImportFileError(`The header cannot be read: ${CSV_PROBLEMS[error.code] ?? 'it is not CSV'}.`);
    yield { line, problem: `${CSV_PROBLEMS[error.code] ?? 'is not CSV'}. Nothing after it was read` };
    return;
  }
  if (!header) throw new ImportFileError('The file is empty. The first line must have the names of the columns.');
}

const CSV_PROBLEMS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'has a quotation mark that is not closed',
  CSV_MAX_RECORD_SIZE: `is longer than ${MAX_RECORD_LENGTH} characters, or has a quotation mark that is not closed`,
  CSV_INVALID_CLOSING_QUOTE: 'has text after a closing quotation mark',
  INVALID_OPENING_QUOTE: 'has a quotation mark inside a field without quotation marks',
};

const isCsvError = (error: unknown): error is { code: string } =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^CSV_|^INVALID_OPENING_QUOTE$/.test(error.code);

/** Writes the lines as fast as the parser is read. A line that cannot be decoded ends the reading: it may be part of a quoted field. */
async function feed(parser: ReturnType<typeof parse>, lines: AsyncIterable<Line>): Promise<void> {
  try {
    for await (const read of lines) {
      if (parser.destroyed) return;
      if ('problem' in read) throw new ImportFileError(`Line ${read.line} ${read.problem}.`);
      if (!parser.write(`${read.text}\n`)) await drained(parser);
    }
    parser.end();
  } catch (error) {
    parser.destroy(error as Error);
  }
}

const drained = (parser: ReturnType<typeof parse>): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      parser.off('drain', done).off('close', done);
      resolve();
    };
    parser.on('drain', done).on('close', done);
  });

function checkHeader(names: readonly string[], required: readonly string[]): readonly string[] {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new ImportFileError(`The header has the column ${JSON.stringify(twice)} twice.`);
  if (names.length === 1 && /[;\t|]/.test(names[0] ?? '')) throw new ImportFileError('The columns must be separated by commas.');
  const missing = required.filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw new ImportFileError(
      `The header has no column ${missing.join(' and no column ')}. Its columns are ${names.join(', ')}. Map them: --map email=mail.`,
    );
  return names;
}
