import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';
import { PageHeading } from './page-heading.tsx';
import classes from './page.module.css';

/** A page: document title, heading, lead paragraph and content. */
export function Page({
  title,
  heading = title,
  lead,
  back,
  actions,
  children,
}: {
  title: string;
  heading?: string;
  lead?: ReactNode;
  /** A link to the page that this one belongs to. */
  back?: ReactNode;
  /** Buttons beside the heading. */
  actions?: ReactNode;
  children: ReactNode;
}) {
  const t = useTranslations('shell');
  useDocumentTitle(t('documentTitle', { title }));
  return (
    <div className={classes.page}>
      <header className={classes.header}>
        {back && <p className={classes.back}>{back}</p>}
        <div className={classes.head}>
          <PageHeading>{heading}</PageHeading>
          {actions}
        </div>
        {lead && <p className={classes.lead}>{lead}</p>}
      </header>
      {children}
    </div>
  );
}
