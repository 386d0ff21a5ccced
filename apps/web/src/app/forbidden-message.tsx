import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Message } from '../shared/message.tsx';

/** Signed in, but not as someone who may see this. Signing in again would not help, so it is not offered. */
export function ForbiddenMessage() {
  return (
    <Message
      title="Not for your account"
      kicker="No access"
      heading="Your account may not see this page"
      lead="It is for administrators. If you need it, ask one of them to change your role."
    >
      <Button renderRoot={(props) => <Link to="/" {...props} />}>Go to the start page</Button>
    </Message>
  );
}
