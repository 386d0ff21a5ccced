import { closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatabaseOpenError } from '../database-open-error.ts';

/** The absolute path of a `file:` URL. Relative paths are relative to the working directory. */
export function sqlitePath(url: string): string {
  const path = url.slice('file:'.length);
  if (path.includes('?')) throw new DatabaseOpenError(url, 'a file: address has no parameters. Remove everything from the ? on.');
  if (path === '' || path.includes(':memory:')) {
    throw new DatabaseOpenError(
      url,
      'it names no file, and sessions in memory would be lost at a restart. Set DATABASE_URL to file:data/gatehouse.db, for example.',
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
 * Creates the folder and an empty file if they do not exist, readable only by this user. SQLite gives its -wal and -shm files the same mode.
 */
export function createDatabaseFile(url: string, path: string): void {
  try {
    createFolder(dirname(path));
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
      throw new DatabaseOpenError(url, `${path} is a folder. Add a file name to DATABASE_URL.`);
    }
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    if (error instanceof DatabaseOpenError) throw error;
    throw new DatabaseOpenError(url, fileProblem(error as NodeJS.ErrnoException, path), { cause: error });
  }
}

/** Does not use mkdir's `recursive`, which loops forever if a folder cannot be created, for example below /proc. */
function createFolder(path: string): void {
  try {
    mkdirSync(path, 0o700);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(path).isDirectory()) return;
    const parent = dirname(path);
    if (code !== 'ENOENT' || existsSync(parent)) throw error;
    createFolder(parent);
    createFolder(path);
  }
}

function fileProblem(error: NodeJS.ErrnoException, path: string): string {
  switch (error.code ?? '') {
    case 'EACCES':
    case 'EPERM':
      return `this user may not write ${path}. Grant write permission for the folder and the file, or set DATABASE_URL to another path.`;
    case 'EROFS':
      return `${path} is on a read-only file system. Set DATABASE_URL to a writable folder.`;
    case 'ENOTDIR':
    case 'EEXIST':
      return `a part of the folder path ${dirname(path)} is a file. Set DATABASE_URL to another path.`;
    case 'ENOSPC':
      return `there is no space left for ${path}. Free some space, or set DATABASE_URL to another disk.`;
    default:
      return `${path} cannot be created (${error.code ?? error.message}). Set DATABASE_URL to a writable folder.`;
  }
}
