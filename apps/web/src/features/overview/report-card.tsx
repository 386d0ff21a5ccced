import { Button } from '@mantine/core';
import { withBasePath } from '../../shared/base-path.ts';
import { Card } from '../../shared/card.tsx';
import classes from './report-card.module.css';

/** Not a page of this app. The server checks the role. */
const REPORT_PATH = '/admin/sessions.csv';

export function ReportCard() {
  return (
    <Card title="Session report">
      <div className={classes.report}>
        <p>All active sessions with their account, IP address and times, as a CSV file.</p>
        <Button component="a" href={withBasePath(REPORT_PATH)} variant="default">
          Download CSV
        </Button>
      </div>
    </Card>
  );
}
