import { Button } from '@mantine/core';
import { Card } from '../../shared/card.tsx';
import classes from './data-card.module.css';

/** Not a page of this app. The server redirects signed-out users to the login page. */
const EXPORT_PATH = '/account/export';

export function DataCard() {
  return (
    <Card title="Your data">
      <div className={classes.data}>
        <p>A copy of the data that Gatehouse stores about you: your account, its sessions and their history.</p>
        <Button component="a" href={EXPORT_PATH} variant="default">
          Download my data
        </Button>
      </div>
    </Card>
  );
}
