/** What the sign-in page and the pages before it need. Everything else belongs in signed-in.ts, which is loaded after the first page. */
export { errors } from './errors.ts';
export { fields } from './fields.ts';
export { shell } from './shell.ts';
export { signIn } from './sign-in.ts';
