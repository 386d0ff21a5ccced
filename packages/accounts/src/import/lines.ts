import { open } from 'node:fs/promises';

/** A line of a file, counted from 1, without its end. */
export type Line = { readonly line: number } & ({ readonly text: string } | { readonly problem: string });

/** No user takes more. A file with one endless line must not fill the memory. */
const MAX_LINE_BYTES = 2 ** 20;
const NEWLINE = 0x0a;

/** The file is not what was said, so that none of it can be used. The message says what to do. */
export class ImportFileError extends Error {
  override readonly name = 'ImportFileError';
  readonly code = 'BAD_FILE';
}

/**
 * Reads a UTF-8 file line by line, never more of it than one line and one block. Lines end with LF or CRLF; a byte order mark is skipped.
 * @throws ImportFileError for UTF-16, and for a pipe or a folder
 */
export async function* readLines(file: string): AsyncGenerator<Line> {
  const handle = await open(file);
  try {
    // Of a pipe, a second reading would find nothing.
    if (!(await handle.stat()).isFile()) throw new ImportFileError(`${file} is not a file. Write the users into a file, and name that.`);
    let line = 1;
    let parts: Buffer[] = [];
    let length = 0;
    const keep = (bytes: Buffer): void => {
      length += bytes.length;
      // The rest of a line that is too long is read and dropped.
      if (length <= MAX_LINE_BYTES) parts.push(bytes);
      else parts = [];
    };
    const finish = (): Line => {
      const done =
        length > MAX_LINE_BYTES ? { line, problem: `is longer than ${MAX_LINE_BYTES} bytes` } : decode(Buffer.concat(parts), line);
      [line, parts, length] = [line + 1, [], 0];
      return done;
    };
    for await (const chunk of handle.createReadStream({ autoClose: false })) {
      const block = chunk as Buffer;
      if (line === 1 && length === 0 && parts.length === 0) refuseUtf16(block);
      let from = 0;
      for (let end = block.indexOf(NEWLINE); end !== -1; end = block.indexOf(NEWLINE, from)) {
        keep(block.subarray(from, end));
        yield finish();
        from = end + 1;
      }
      if (from < block.length) keep(block.subarray(from));
    }
    if (length > 0) yield finish();
  } finally {
    await handle.close();
  }
}

function decode(bytes: Buffer, line: number): Line {
  try {
    // Removes a byte order mark.
    return { line, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: line > 1 }).decode(bytes).replace(/\r$/, '') };
  } catch {
    return { line, problem: 'is not UTF-8. Save the file as UTF-8' };
  }
}

function refuseUtf16(block: Buffer): void {
  const [first, second] = block;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || first === 0 || second === 0)
    throw new ImportFileError('The file is UTF-16, not UTF-8. Save it as UTF-8.');
}
