import { Button } from '@mantine/core';
import { Card } from '../../shared/card.tsx';
import classes from './data-card.module.css';

/** A plain link: the server guards this address itself, and sends a signed-out person to the login page. */
const EXPORT_PATH = '/account/export';

export function DataCard() {
  return (
    <Card title="Your data">
      <div className={classes.data}>
        <p>A file with what Gatehouse keeps about you: your account, its sessions and their history.</p>
        <Button component="a" href={EXPORT_PATH} variant="default">
          Download my data
        </Button>
      </div>
    </Card>
  );
}
