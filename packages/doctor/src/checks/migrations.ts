import { error, ok, warning, type Verdict } from '../check.ts';
import { answered, onDatabase } from '../on-database.ts';

/**
 * A migration that was started and not finished, or whose file was edited after it was applied, is an error. A migration that is not
 * applied yet is a warning, since `gatehouse migrate` and every start apply it. So is one that a newer version applied, since a rollback
 * must be able to start.
 */
export const migrations = onDatabase('migrations', ({ migrations: answer }) =>
  answered(answer, ({ pending, unfinished, edited, unknown }) => {
    const found: Verdict[] = [];
    const say = (names: readonly string[], verdict: (list: string) => Verdict): void => {
      if (names.length > 0) found.push(verdict(names.join(', ')));
    };
    say(unfinished, (names) =>
      error(
        `Begun and not finished: ${names}. Either it failed half-way, or another process is applying it at this moment.`,
        'If none is: put the tables right by hand or from a backup, then set rolled_back_at of its row in _prisma_migrations and run gatehouse migrate.',
      ),
    );
    say(edited, (names) =>
      error(
        `Edited after it had been applied: ${names}. The tables are not what this code says they are.`,
        'Restore the file from version control, and put the change into a new migration.',
      ),
    );
    say(pending, (names) => warning(`Not applied yet: ${names}.`, 'Apply: gatehouse migrate. A start does so, too.'));
    say(unknown, (names) =>
      warning(
        `Applied by a newer version of this code: ${names}.`,
        'Run that version here as well. If you went back on purpose, see that this one can live with those tables.',
      ),
    );
    return found.length > 0 ? found : ok('All are applied.');
  }),
);
