/** A migration cannot go on; the message says which one, why, and the mend. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  readonly code = 'MIGRATION';
  /** Folder name of the migration concerned. */
  readonly migration: string;

  constructor(migration: string, problem: string, options?: ErrorOptions) {
    super(`The migration ${migration} ${problem}`, options);
    this.migration = migration;
  }
}
