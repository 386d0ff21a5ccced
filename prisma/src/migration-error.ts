/** A migration failed or cannot be applied. The message names it, the problem and the fix. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  readonly code = 'MIGRATION';
  /** Folder name of the migration. */
  readonly migration: string;

  constructor(migration: string, problem: string, options?: ErrorOptions) {
    super(`The migration ${migration} ${problem}`, options);
    this.migration = migration;
  }
}
