import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { packedReadme } from './packed-readme.ts';
import { publishedManifest, publishedPackages, root, tarballs, type PublishedPackage } from './published.ts';

export interface PackedPackage {
  readonly name: string;
  /** Path of the file. */
  readonly tarball: string;
}

/** Packs what was built, with the package.json that is published. `npm publish` takes such a file. */
export function packPackages(): readonly PackedPackage[] {
  rmSync(tarballs, { recursive: true, force: true });
  mkdirSync(tarballs, { recursive: true });
  const staging = mkdtempSync(join(tmpdir(), 'gatehouse-pack-'));
  try {
    const folders = publishedPackages.map((one) => stage(one, staging));
    const output = execFileSync('npm', ['pack', '--json', '--pack-destination', tarballs, ...folders], { encoding: 'utf8' });
    const packed = Object.values(JSON.parse(output) as Record<string, { name: string; filename: string }>);
    return packed.map(({ name, filename }) => ({ name, tarball: join(tarballs, basename(filename)) }));
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function stage(one: PublishedPackage, staging: string): string {
  const target = join(staging, basename(one.folder));
  const source = join(root, one.folder);
  cpSync(join(source, 'dist'), join(target, 'dist'), { recursive: true });
  cpSync(join(root, 'LICENSE'), join(target, 'LICENSE'));
  for (const file of ['README.md', ...(one.manifest.files ?? [])]) {
    if (!existsSync(join(source, file))) throw new Error(`${one.folder} needs a ${file}.`);
    cpSync(join(source, file), join(target, file), { recursive: true });
  }
  writeFileSync(join(target, 'README.md'), packedReadme({ folder: one.folder, text: readFileSync(join(source, 'README.md'), 'utf8') }));
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(publishedManifest(one), undefined, 2)}\n`);
  return target;
}
