import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Message } from '../shared/message.tsx';
import { Standalone } from './layout/standalone.tsx';

export function NotFoundPage() {
  return (
    <Standalone>
      <Message title="Page not found" kicker="404" lead="Check the address, or go back to the home page.">
        <Button renderRoot={(props) => <Link to="/" {...props} />}>Go to the home page</Button>
      </Message>
    </Standalone>
  );
}
