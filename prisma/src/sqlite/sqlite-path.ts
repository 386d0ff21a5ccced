import { closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatabaseOpenError } from '../database-open-error.ts';

/** The file of a `file:` URL; relative ones are relative to the working directory. */
export function sqlitePath(url: string): string {
  const path = url.slice('file:'.length);
  if (path.includes('?')) throw new DatabaseOpenError(url, 'a file: address takes no parameters. Leave out everything from the ? on.');
  if (path === '' || path.includes(':memory:')) {
    throw new DatabaseOpenError(
      url,
      'it names no file, and sessions in memory would be gone after a restart. Set DATABASE_URL to file:data/gatehouse.db, for example.',
    );
  }
  if (!path.startsWith('//')) return resolve(path);
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new DatabaseOpenError(url, 'it is not a file address. Write file:folder/name.db, or file:/folder/name.db for an absolute path.', {
      cause,
    });
  }
}

/**
 * Makes the folder and an empty file where there are none, readable by this user only: SQLite gives its -wal and
 * -shm files the same mode.
 */
export function makeDatabaseFile(url: string, path: string): void {
  try {
    makeFolder(dirname(path));
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
      throw new DatabaseOpenError(url, `${path} is a folder. Add a file name to DATABASE_URL.`);
    }
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    if (error instanceof DatabaseOpenError) throw error;
    throw new DatabaseOpenError(url, fileProblem(error as NodeJS.ErrnoException, path), { cause: error });
  }
}

/** Not mkdir's own `recursive`: where a folder can never be made (below /proc), that loops for ever. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, 0o700);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(path).isDirectory()) return;
    const parent = dirname(path);
    if (code !== 'ENOENT' || existsSync(parent)) throw error;
    makeFolder(parent);
    makeFolder(path);
  }
}

function fileProblem(error: NodeJS.ErrnoException, path: string): string {
  switch (error.code ?? '') {
    case 'EACCES':
    case 'EPERM':
      return `this user may not write ${path}. Give it the right to write the folder and the file, or set DATABASE_URL to another place.`;
    case 'EROFS':
      return `${path} is on a read-only file system. Set DATABASE_URL to a folder that can be written.`;
    case 'ENOTDIR':
    case 'EEXIST':
      return `a part of the folder ${dirname(path)} is a file. Set DATABASE_URL to another place.`;
    case 'ENOSPC':
      return `there is no space left for ${path}. Make room, or set DATABASE_URL to another disk.`;
    default:
      return `${path} cannot be made (${error.code ?? error.message}). Set DATABASE_URL to a folder that can be written.`;
  }
}
