import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { glob, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

const STAMP = '.fingerprint';

/** A hash of the names and contents of files and folders. Missing inputs are skipped. */
export async function fingerprintOf(root: string, inputs: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(process.version);
  for (const input of inputs) {
    for (const file of (await filesOf(root, input)).sort()) hash.update(`\0${file}\0`).update(await readFile(join(root, file)));
  }
  return hash.digest('hex');
}

async function filesOf(root: string, input: string): Promise<string[]> {
  const info = await stat(join(root, input)).catch(() => undefined);
  if (!info) return [];
  if (info.isFile()) return [input];
  const files: string[] = [];
  for await (const entry of glob(`${input}/**`, { cwd: root, withFileTypes: true })) {
    if (entry.isFile()) files.push(relative(root, join(entry.parentPath, entry.name)));
  }
  return files;
}

/** Whether `folder` was built from inputs with this fingerprint. */
export function isCurrent(folder: string, fingerprint: string): boolean {
  const stamp = join(folder, STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint;
}

/** Marks `folder` as built from inputs with this fingerprint. */
export const writeFingerprint = (folder: string, fingerprint: string): void => writeFileSync(join(folder, STAMP), fingerprint);
