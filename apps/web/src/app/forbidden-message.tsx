import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Message } from '../shared/message.tsx';

/** For signed-in users without the required role. Does not offer sign-in, which would not help. */
export function ForbiddenMessage() {
  return (
    <Message
      title="Access denied"
      kicker="Access denied"
      heading="You don’t have access to this page"
      lead="Only administrators can open it. If you need access, ask an administrator to change your role."
    >
      <Button renderRoot={(props) => <Link to="/" {...props} />}>Go to the home page</Button>
    </Message>
  );
}
