/** The account does not exist, or no longer does. */
export class UnknownUserError extends Error {
  override readonly name = 'UnknownUserError';
  readonly code = 'UNKNOWN_USER';

  constructor() {
    super('There is no such user.');
  }
}

/** The acting account is no longer an administrator. Nothing was changed. */
export class NotAdministratorError extends Error {
  override readonly name = 'NotAdministratorError';
  readonly code = 'NOT_ADMINISTRATOR';

  constructor() {
    super('This account is not an administrator.');
  }
}

/** The credentials changed after they were verified: a new password, a suspension, or all sessions revoked. Nothing was changed. */
export class CredentialsChangedError extends Error {
  override readonly name = 'CredentialsChangedError';
  readonly code = 'CREDENTIALS_CHANGED';

  constructor() {
    super('The credentials of this account were changed at the same time.');
  }
}

/** Too many passwords are waiting to be hashed. Nothing was done; try again in a moment. */
export class TooBusyError extends Error {
  override readonly name = 'TooBusyError';
  readonly code = 'TOO_BUSY';

  constructor() {
    super('Too many passwords are waiting to be hashed.');
  }
}

/** The position of a page is not one that the same search has returned. */
export class InvalidCursorError extends TypeError {
  override readonly name = 'InvalidCursorError';
  readonly code = 'INVALID_CURSOR';

  constructor() {
    super('Invalid cursor: pass `next` of the previous page of the same search.');
  }
}
