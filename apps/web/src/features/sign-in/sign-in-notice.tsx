import { reasonMessage } from './reason-message.ts';
import classes from './sign-in-notice.module.css';

/** Why someone stands at the door: being asked to sign in is no news, the end of a session is. */
export function SignInNotice({ reason }: { reason: string | undefined }) {
  const message = reasonMessage(reason);
  if (!message) return null;
  return <output className={reason === 'SIGN_IN_REQUIRED' ? classes.quiet : classes.news}>{message}</output>;
}
