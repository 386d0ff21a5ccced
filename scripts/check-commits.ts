import { spawnSync } from 'node:child_process';

// `pnpm check:commits`: every new commit must be a Conventional Commit (https://www.conventionalcommits.org/en/v1.0.0/) with a short
// subject. New commits are those that the upstream's default branch does not have. If there is no upstream, or if it has all commits, they
// are the commits since the last merge.

const TYPES = ['feat', 'fix', 'perf', 'refactor', 'docs', 'test', 'build', 'ci', 'chore', 'style', 'revert'];
const HEADER = new RegExp(`^(?:${TYPES.join('|')})(?:\\([a-z0-9][\\w./, -]*\\))?!?: \\S`);
const MAX_SUBJECT = 72;

/** The output of git; undefined if it fails. */
function git(...args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

function problemsOf(subject: string): string[] {
  return [
    ...(HEADER.test(subject) ? [] : ['does not begin with a type, such as "fix(session): …"']),
    ...(subject.length > MAX_SUBJECT ? [`has ${subject.length} characters; ${MAX_SUBJECT} are allowed`] : []),
  ];
}

/** The git range of the commits to check. */
function newCommits(): string {
  const upstream = ['origin/HEAD', 'origin/main', 'origin/master'].find(
    (name) => git('rev-parse', '--verify', '--quiet', name) !== undefined,
  );
  const isAhead = upstream !== undefined && git('merge-base', '--is-ancestor', 'HEAD', upstream) === undefined;
  if (isAhead) return `${upstream}..HEAD`;
  const lastMerge = git('log', '-1', '--merges', '--format=%h');
  return lastMerge ? `${lastMerge}..HEAD` : 'HEAD';
}

if (git('rev-parse', '--verify', '--quiet', 'HEAD') === undefined) {
  console.log('No commits to check: this folder has no git history.');
  process.exit(0);
}

const range = newCommits();
const log = git('log', '--no-merges', '--format=%h %s', range);
if (log === undefined) throw new Error(`git cannot list the commits ${range}.`);
const commits = log.split('\n').filter((line) => line !== '');
const refused = commits.flatMap((line) => {
  const [hash = ''] = line.split(' ', 1);
  const subject = line.slice(hash.length + 1);
  return problemsOf(subject).map((problem) => `${hash} "${subject}" ${problem}.`);
});

console.log(`${commits.length} commits checked (${range}).`);
if (refused.length > 0) {
  console.error(`${refused.join('\n')}
Write "type(scope): what it does" in at most ${MAX_SUBJECT} characters; the scope is optional. Types: ${TYPES.join(', ')}.
Change the last commit with: git commit --amend. Change older ones with: git rebase --interactive.`);
  process.exit(1);
}
