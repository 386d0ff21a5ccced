import { skipped, type Check, type Verdict } from './check.ts';
import type { Answer } from './facts/answer.ts';
import type { DatabaseFacts } from './facts/database-facts.ts';
import type { Facts } from './facts/facts.ts';

export const DATABASE_SETTINGS = ['DATABASE_URL', 'GATEHOUSE_DATA_DIR'] as const;

/** A check that asks an open database, and is skipped where there is none. */
export const onDatabase = (id: string, judge: (database: DatabaseFacts, facts: Facts) => Verdict | readonly Verdict[]): Check => ({
  id,
  needs: DATABASE_SETTINGS,
  judge: (facts) => (facts.database.status === 'open' ? judge(facts.database.facts, facts) : skipped('There is no database to ask.')),
});

/** What to say of an answer, or that there was none. */
export const answered = <T>(answer: Answer<T>, judge: (value: T) => Verdict | readonly Verdict[]): Verdict | readonly Verdict[] =>
  answer.ok ? judge(answer.value) : skipped(`It could not be asked: ${answer.problem}`);
