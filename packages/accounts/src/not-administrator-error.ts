/** Who acts as an administrator is none any more. */
export class NotAdministratorError extends Error {
  override readonly name = 'NotAdministratorError';
  readonly code = 'NOT_ADMINISTRATOR';

  constructor() {
    super('This account is not an administrator’s.');
  }
}
