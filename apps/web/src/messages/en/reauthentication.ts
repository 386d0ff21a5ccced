export const reauthentication = {
  title: 'Confirm your password',
  why: 'For your security, enter your password to continue.',
  password: 'Password',
  submit: 'Continue',
  notLoaded: 'The password dialog could not be loaded. Nothing was changed. Check your connection and try again.',
} as const;
