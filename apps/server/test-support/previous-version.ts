import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

export interface PreviousVersion {
  /** What `startServer` runs. */
  readonly command: readonly string[];
  [Symbol.dispose](): void;
}

/** Whether this is a clone with its history. Under CI a missing one fails the run. */
export function hasHistory(): boolean {
  if (existsSync(join(root, '.git'))) {
    try {
      return revisionBeforeNewestMigration() !== '';
    } catch {
      console.warn('THIS CLONE IS SHALLOW: the version before this one is not tested. Fetch its history: git fetch --unshallow');
      return false;
    }
  }
  if (process.env['CI']) throw new Error('THIS FOLDER IS NO CLONE: the version before this one cannot be tested.');
  return false;
}

const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();

/** The version before the newest migration, so that two versions differ in what they store. */
function revisionBeforeNewestMigration(): string {
  const migrations = 'prisma/migrations/sqlite';
  const newest = readdirSync(join(root, migrations))
    .filter((name) => /^\d/.test(name))
    .toSorted()
    .at(-1);
  const added = git('log', '-1', '--diff-filter=A', '--format=%H', '--', `${migrations}/${newest}`);
  // Not committed yet.
  if (added === '') return 'HEAD';
  return git('rev-parse', '--verify', `${added}^`);
}

/** Checks out the version before the newest migration into a temporary folder, with the dependencies of this one. */
export function previousVersion(): PreviousVersion {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-previous-'));
  const archive = execFileSync('git', ['archive', revisionBeforeNewestMigration(), '--', '.'], { cwd: root, maxBuffer: 1024 ** 3 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  // Copied, because they link to each other.
  for (const modules of globSync('{prisma,packages/*,apps/*}/node_modules', { cwd: root })) {
    mkdirSync(dirname(join(folder, modules)), { recursive: true });
    execFileSync('cp', ['-a', join(root, modules), join(folder, modules)]);
  }
  symlinkSync(join(root, 'apps/web/dist'), join(folder, 'apps/web/dist'));
  execFileSync(process.execPath, ['prisma/generate.ts'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  return {
    command: [join(folder, 'apps/server/src/main.ts')],
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
