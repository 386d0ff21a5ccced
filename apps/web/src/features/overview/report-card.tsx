import { Button } from '@mantine/core';
import { Card } from '../../shared/card.tsx';
import classes from './report-card.module.css';

/** A plain link: the server judges the role for this address itself. */
const REPORT_PATH = '/admin/sessions.csv';

export function ReportCard() {
  return (
    <Card title="Who is signed in">
      <div className={classes.report}>
        <p>Every live session, with its account, address and times, as a table for a spreadsheet.</p>
        <Button component="a" href={REPORT_PATH} variant="default">
          Download the sessions
        </Button>
      </div>
    </Card>
  );
}
