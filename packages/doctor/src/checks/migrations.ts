import { error, ok, warning, type Verdict } from '../check.ts';
import { judgeAnswer, onDatabase } from '../on-database.ts';

/**
 * A migration that was started but not finished, or whose file was edited after it was applied, is an error. A pending migration is a
 * warning, because `gatehouse migrate` and every start apply it. So is a migration that a newer version applied, because the server must be
 * able to start after a rollback.
 */
export const migrations = onDatabase('migrations', ({ migrations: answer }) =>
  judgeAnswer(answer, ({ pending, unfinished, edited, unknown }) => {
    const found: Verdict[] = [];
    const report = (names: readonly string[], verdict: (list: string) => Verdict): void => {
      if (names.length > 0) found.push(verdict(names.join(', ')));
    };
    report(unfinished, (names) =>
      error(
        `Started but not finished: ${names}. Either it failed halfway, or another process is applying it right now.`,
        'If no process is: repair the tables by hand or from a backup, then set rolled_back_at of its row in _gatehouse_migrations and run gatehouse migrate.',
      ),
    );
    report(edited, (names) =>
      error(
        `Edited after it was applied: ${names}. The tables differ from what this code expects.`,
        'Restore the file from version control, and make the change in a new migration.',
      ),
    );
    report(pending, (names) => warning(`Not applied yet: ${names}.`, 'Run gatehouse migrate. The server also does it when it starts.'));
    report(unknown, (names) =>
      warning(
        `Applied by a newer version of this code: ${names}.`,
        'Update this installation. After an intended rollback, check that this version works with those tables.',
      ),
    );
    return found.length > 0 ? found : ok('All migrations are applied.');
  }),
);
