import { readdirSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';

/** What a new folder may already contain: a new repository's own files. */
const HARMLESS = new Set(['.git', '.DS_Store', 'LICENSE']);

/** The name of the app and of its package: the last part of the folder's path. */
export const nameOf = (folder: string): string => basename(resolve(folder));

/** What is wrong with this folder for a new app, and what to do; undefined: nothing. */
export function problemOfFolder(folder: string): string | undefined {
  if (folder.trim() === '') return 'Name a folder, such as my-app.';
  const name = nameOf(folder);
  if (!/^[a-z\d][a-z\d._-]*$/.test(name) || name.length > 100)
    return `"${name}" cannot be the name of a package. Use up to 100 lower-case letters, digits, "-", "_" and ".", beginning with a letter or digit.`;
  if (name === 'node_modules') return 'The app cannot be called node_modules. Choose another name.';
  const path = resolve(folder);
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return undefined;
  if (!found.isDirectory()) return `${path} is a file. Choose another name.`;
  const content = readdirSync(path).filter((entry) => !HARMLESS.has(entry));
  if (content.length === 0) return undefined;
  const some = `${content.slice(0, 3).join(', ')}${content.length > 3 ? ', …' : ''}`;
  return `${path} is not empty: it has ${some}. Choose another folder, or empty it. Nothing was changed.`;
}
