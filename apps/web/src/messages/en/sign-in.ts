export const signIn = {
  title: 'Sign in',
  identifier: 'User name or e-mail',
  password: 'Password',
  showPassword: 'Show password',
  capsLock: 'Caps Lock is on.',
  remember: 'Stay signed in',
  rememberHint: 'Not recommended on shared devices.',
  submit: 'Sign in',
} as const;
