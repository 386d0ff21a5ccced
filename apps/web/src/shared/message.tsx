import type { ReactNode } from 'react';
import { Page } from './page.tsx';
import classes from './message.module.css';

/** A page with a single message and actions. */
export function Message({
  title,
  heading,
  kicker,
  lead,
  children,
}: {
  title: string;
  heading?: string;
  kicker: string;
  lead: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className={classes.message}>
      <p className={classes.kicker}>{kicker}</p>
      <Page title={title} {...(heading && { heading })} lead={lead}>
        <div className={classes.actions}>{children}</div>
      </Page>
    </div>
  );
}
