import { readFileSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Settings } from '@gatehouse/settings';
import { fileSystem, type FileSystemKind } from './file-system.ts';

export interface FileFacts {
  /** Files with secrets or personal data that every user of this machine can read. */
  readonly open: readonly string[];
  /** The file system of the SQLite file; undefined if there is no file or it is unknown. */
  readonly disk: FileSystemKind | undefined;
  /** Number of other processes on this machine that have the SQLite file open; undefined if unknown. */
  readonly otherProcesses: number | undefined;
}

export function gatherFiles(settings: Settings): FileFacts {
  const database = settings.database.provider === 'sqlite' ? settings.database.file : undefined;
  const secret = [join(settings.dataFolder, 'session-secret'), join(settings.projectRoot, '.env')];
  const stored = database === undefined ? [] : [database, `${database}-wal`];
  return {
    open: [...secret, ...stored].filter(isOpenToAll),
    disk: database === undefined ? undefined : diskOf(database),
    otherProcesses: database === undefined ? undefined : otherProcesses(database),
  };
}

/** Whether everyone may read the file and enter all of its parent folders. */
function isOpenToAll(file: string): boolean {
  // Windows does not use mode bits.
  if (process.platform === 'win32' || !hasMode(file, 0o004)) return false;
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) if (!hasMode(folder, 0o001)) return false;
  return true;
}

function hasMode(path: string, bits: number): boolean {
  try {
    return (statSync(path).mode & bits) === bits;
  } catch {
    return false;
  }
}

function diskOf(file: string): FileSystemKind | undefined {
  try {
    return fileSystem(statfsSync(file).type);
  } catch {
    return undefined;
  }
}

/** Linux lists all file locks with process and inode. A connection in WAL mode holds a lock while it is open. */
function otherProcesses(file: string): number | undefined {
  try {
    const { ino } = statSync(file);
    const locks = readFileSync('/proc/locks', 'utf8').split('\n');
    const holders = locks
      .map((line) => /^\d+: (?:-> )?\S+\s+\S+\s+\S+\s+(\d+) \w+:\w+:(\d+) /.exec(line))
      .filter((match) => match !== null);
    const pids = new Set(holders.filter(([, , inode]) => inode === String(ino)).map(([, pid]) => Number(pid)));
    pids.delete(process.pid);
    return pids.size;
  } catch {
    return undefined;
  }
}
