import { cpSync, globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { appManifest } from './app-manifest.ts';
import { appReadme } from './app-readme.ts';
import type { Choices } from './choices.ts';
import { envFile } from './env-file.ts';
import type { PackageManager } from './package-manager.ts';
import { nameOf } from './target-folder.ts';

const templates = fileURLToPath(new URL('../templates', import.meta.url));

/** Writes all files of the app. The folder is empty or does not exist. Returns its absolute path. */
export function writeApp(choices: Choices, packageManager: PackageManager): string {
  const folder = resolve(choices.folder);
  mkdirSync(folder, { recursive: true });
  for (const template of ['base', choices.frontEnd]) cpSync(join(templates, template), folder, { recursive: true });
  // npm does not pack a file with that name.
  renameSync(join(folder, '_gitignore'), join(folder, '.gitignore'));
  fillIn(folder, nameOf(choices.folder));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(appManifest(choices), undefined, 2)}\n`);
  writeFileSync(join(folder, 'README.md'), appReadme(choices, packageManager));
  for (const file of ['.env', '.env.example']) writeFileSync(join(folder, file), envFile(choices));
  return folder;
}

function fillIn(folder: string, name: string): void {
  for (const file of globSync(['*.html', 'src/**/*.ts'], { cwd: folder })) {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    if (text.includes('{{name}}')) writeFileSync(path, text.replaceAll('{{name}}', name));
  }
}
