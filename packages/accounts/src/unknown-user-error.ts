/** There is no user with this id (any more). */
export class UnknownUserError extends Error {
  override readonly name = 'UnknownUserError';
  readonly code = 'UNKNOWN_USER';

  constructor() {
    super('There is no such user.');
  }
}
