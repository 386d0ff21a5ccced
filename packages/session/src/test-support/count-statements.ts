/** Of a transaction, or PostgreSQL's notifications, which are sent beside the work and may be those of earlier work. */
const UNCOUNTED = /^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)|pg_notify/;

/** How many statements `work` runs on the databases that record theirs in `statements`, and how many of them write. */
export async function countStatements(
  statements: string[],
  work: () => Promise<unknown>,
): Promise<{ readonly requests: number; readonly writes: number }> {
  statements.length = 0;
  await work();
  const requests = statements.filter((statement) => !UNCOUNTED.test(statement));
  return { requests: requests.length, writes: requests.filter((statement) => !statement.startsWith('SELECT')).length };
}
