/** Messages at fields. The keys are the codes of the contract's `FIELD_MESSAGES`. */
export const fields = {
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
} as const;
