export { errors } from './errors.ts';
export { fields } from './fields.ts';
export { shell } from './shell.ts';
export { signIn } from './sign-in.ts';
