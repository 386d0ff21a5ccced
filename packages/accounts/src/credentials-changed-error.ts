/** The password was changed, or all sessions were revoked, since the credentials were verified; nothing was done. */
export class CredentialsChangedError extends Error {
  override readonly name = 'CredentialsChangedError';
  readonly code = 'CREDENTIALS_CHANGED';

  constructor() {
    super('The password was changed by someone else at the same time.');
  }
}
