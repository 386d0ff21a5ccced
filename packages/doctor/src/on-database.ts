import { skipped, type Check, type Verdict } from './check.ts';
import type { Answer } from './facts/answer.ts';
import type { DatabaseFacts } from './facts/database-facts.ts';
import type { Facts } from './facts/facts.ts';

export const DATABASE_SETTINGS = ['DATABASE_URL', 'GATEHOUSE_DATA_DIR'] as const;

/** A check of an open database. It is skipped if the database could not be opened. */
export const onDatabase = (id: string, judge: (database: DatabaseFacts, facts: Facts) => Verdict | readonly Verdict[]): Check => ({
  id,
  needs: DATABASE_SETTINGS,
  judge: (facts) =>
    facts.database.status === 'open' ? judge(facts.database.facts, facts) : skipped('There is no open database to check.'),
});

/** Judges an answer, or skips the check if there was none. */
export const judgeAnswer = <T>(answer: Answer<T>, judge: (value: T) => Verdict | readonly Verdict[]): Verdict | readonly Verdict[] =>
  answer.ok ? judge(answer.value) : skipped(`The query failed: ${answer.problem}`);
