import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Message } from '../shared/message.tsx';
import { Standalone } from './layout/standalone.tsx';

export function NotFoundPage() {
  return (
    <Standalone>
      <Message
        title="Page not found"
        kicker="404"
        heading="There is no page at this address"
        lead="The link may be out of date, or the address mistyped."
      >
        <Button renderRoot={(props) => <Link to="/" {...props} />}>Go to the start page</Button>
      </Message>
    </Standalone>
  );
}
