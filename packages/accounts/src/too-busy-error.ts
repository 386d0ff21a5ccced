/** More passwords wait for hashing than the machine can answer in time. Nothing was done; try again in a moment. */
export class TooBusyError extends Error {
  override readonly name = 'TooBusyError';
  readonly code = 'TOO_BUSY';

  constructor() {
    super('Too many passwords wait to be hashed.');
  }
}
