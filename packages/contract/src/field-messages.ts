/** The messages of form fields, by code. Clients that translate them find the code of a message with `fieldMessageCode`. */
export const FIELD_MESSAGES = {
  IDENTIFIER_REQUIRED: 'Enter a user name or e-mail address.',
  OWN_IDENTIFIER_REQUIRED: 'Enter your user name or e-mail address.',
  IDENTIFIER_TOO_LONG: 'This is too long for a user name or e-mail address.',
  PASSWORD_REQUIRED: 'Enter your password.',
  PASSWORD_TOO_LONG: 'A password can have at most 1024 bytes.',
  PASSWORD_CHARACTERS: 'This password contains characters that are not supported.',
  PASSWORD_UNCHANGED: 'The new password must be different from the current one.',
  PASSWORD_TOO_SHORT: 'Use at least 8 characters.',
  PASSWORD_COMMON: 'This password is one of the most common ones and easy to guess. Choose another one.',
  PASSWORD_CONTAINS_OWNER: 'The password must not contain your name, user name or e-mail address.',
  NAME_REQUIRED: 'Enter a name.',
  NAME_TOO_LONG: 'A name can have at most 100 characters.',
  NAME_CONTROL_CHARACTERS: 'A name cannot contain control characters.',
  NAME_INVISIBLE: 'A name needs at least one visible character.',
  NAME_INVISIBLE_CHARACTERS:
    'A name cannot contain invisible characters. Copied text often contains them: type the name instead of pasting it.',
  NAME_LONE_MARK: 'A name cannot contain an accent or other combining mark without a letter before it.',
  USERNAME_TOO_SHORT: 'A user name must have at least 3 characters.',
  USERNAME_TOO_LONG: 'A user name can have at most 32 characters.',
  USERNAME_CHARACTERS: 'Use letters a to z, digits, and . _ - between them.',
  USERNAME_TAKEN: 'This user name is taken.',
  EMAIL_INVALID: 'Enter an e-mail address, such as name@example.com.',
  EMAIL_TOO_LONG: 'An e-mail address can have at most 254 characters.',
  EMAIL_TAKEN: 'There is an account with this e-mail address.',
  FIELD_REQUIRED: 'Enter a value.',
  FIELD_NOT_EDITABLE: 'This field cannot be changed here. Reload the page to see which fields can.',
} as const;

export type FieldMessageCode = keyof typeof FIELD_MESSAGES;

const CODES: ReadonlyMap<string, FieldMessageCode> = new Map(
  Object.entries(FIELD_MESSAGES).map(([code, message]) => [message, code as FieldMessageCode]),
);

/** The code of a message from `fields` of an `INVALID_INPUT` error, for translation; undefined for a message that is not in the table. */
export const fieldMessageCode = (message: string): FieldMessageCode | undefined => CODES.get(message);
