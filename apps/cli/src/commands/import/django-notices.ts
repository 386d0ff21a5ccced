import type { ImportNotice } from '@gatehouse/accounts';

/** What a person can do about a user who did not simply come over. */
export const NOTICES: Readonly<Record<ImportNotice['reason'], string>> = {
  NO_EMAIL: 'refused: has no e-mail address. Give them one in Django.',
  BAD_EMAIL: 'refused: the e-mail address is none. Mend it in Django.',
  BAD_USERNAME: 'refused: the user name is longer than 64 characters or not of ASCII. Change it in Django.',
  USERNAME_IS_ADDRESS: 'refused: the user name is an e-mail address, and not the one on record. Make them one in Django.',
  USERNAME_TAKEN: 'refused: somebody has this user name, or one that looks the same. Change one of them.',
  EMAIL_TAKEN: 'refused: somebody has this e-mail address. Change one of them.',
  BAD_NAME: 'refused: the first or last name has invisible characters, or marks that turn the reading direction. Type it anew in Django.',
  BAD_ROW: 'refused: the id or the password is not as Django writes it.',
  NO_PASSWORD: 'imported without a password that works here. Set one: gatehouse changepassword',
};
