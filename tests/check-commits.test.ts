import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const script = join(import.meta.dirname, '../scripts/check-commits.ts');

const TOO_LONG = `docs: ${'x'.repeat(67)}`;

function run(folder: string, program: string, args: readonly string[]) {
  // Ignore the git configuration of this machine, such as signing of commits.
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_DIR: undefined, GIT_WORK_TREE: undefined };
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8', env });
  return { status, text: stdout + stderr };
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'check-commits-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function repository(folder = temporaryFolder()) {
  const git = (...args: readonly string[]): void => {
    const { status, text } = run(folder, 'git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args]);
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${text}`);
  };
  return {
    folder,
    git,
    commit: (...subjects: readonly string[]): void => {
      for (const subject of subjects) git('commit', '--allow-empty', '-m', subject);
    },
    /** Merges a branch with one commit. */
    merge(subject: string): void {
      git('checkout', '-b', 'topic');
      git('commit', '--allow-empty', '-m', subject);
      git('checkout', 'main');
      git('merge', '--no-ff', '-m', "Merge branch 'topic'", 'topic');
      git('branch', '-d', 'topic');
    },
    check: () => run(folder, process.execPath, [script]),
  };
}

function emptyRepository() {
  const created = repository();
  created.git('init', '-b', 'main');
  return created;
}

function clone(source: string) {
  const created = repository();
  created.git('clone', source, '.');
  return created;
}

test.each([
  'feat: add a page for devices',
  'fix(session): keep the owner of a session',
  'perf(api,server): answer in one write',
  'refactor(session)!: name sessions by handle',
  `docs: ${'x'.repeat(66)}`,
  'revert: "feat: add a page for devices"',
])('accepts %s', (subject) => {
  const { commit, check } = emptyRepository();
  commit(subject);
  expect(check()).toMatchObject({ status: 0, text: expect.stringContaining('1 commits checked') as string });
});

test.each([
  ['Add a page for devices', 'does not begin with a type'],
  ['feature: add a page', 'does not begin with a type'],
  ['Fix: close the file', 'does not begin with a type'],
  ['fix:close the file', 'does not begin with a type'],
  ['fix(): close the file', 'does not begin with a type'],
  ['fixup! feat: add a page', 'does not begin with a type'],
  ['Revert "feat: add a page"', 'does not begin with a type'],
  [TOO_LONG, 'has 73 characters; 72 are allowed'],
])('refuses %s', (subject, problem) => {
  const { commit, check } = emptyRepository();
  commit('feat: begin', subject);
  const { status, text } = check();
  expect(status).toBe(1);
  expect(text).toContain(`"${subject}" ${problem}`);
  expect(text).toContain('Types: feat, fix,');
});

test('without an upstream, checks the commits since the last merge', () => {
  const { commit, merge, check } = emptyRepository();
  commit('From before the rule');
  merge('Also from before the rule');
  expect(check()).toMatchObject({ status: 0, text: expect.stringContaining('0 commits checked') as string });
  commit('feat: follow the rule');
  expect(check()).toMatchObject({ status: 0, text: expect.stringContaining('1 commits checked') as string });
  commit('Forget the rule');
  expect(check()).toMatchObject({ status: 1, text: expect.stringContaining('2 commits checked') as string });
});

test('with an upstream, checks the commits that the upstream does not have', () => {
  const upstream = emptyRepository();
  upstream.commit('feat: begin');
  const { git, commit, merge, check } = clone(upstream.folder);
  git('checkout', '-b', 'mine');
  commit('Forget the rule');
  git('checkout', 'main');
  merge('feat: follow the rule');
  git('checkout', 'mine');
  git('merge', '--no-ff', '-m', "Merge branch 'main' into mine", 'main');
  // Two commits: those before the last merge are checked as well.
  expect(check()).toMatchObject({ status: 1, text: expect.stringContaining('2 commits checked') as string });
});

test('a fresh clone gives the same result as its source', () => {
  const source = emptyRepository();
  source.commit('From before the rule');
  source.merge('feat: follow the rule');
  source.commit('feat: continue');
  expect(clone(source.folder).check()).toMatchObject({ status: 0, text: expect.stringContaining('1 commits checked') as string });
  source.commit('Forget the rule');
  expect(clone(source.folder).check()).toMatchObject({ status: 1, text: expect.stringContaining('2 commits checked') as string });
});

test('a folder without a git history has nothing to check', () => {
  expect(repository().check()).toMatchObject({ status: 0 });
  expect(emptyRepository().check()).toMatchObject({ status: 0, text: expect.stringContaining('no git history') as string });
});
