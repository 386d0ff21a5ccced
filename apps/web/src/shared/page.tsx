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
  children,
}: {
  title: string;
  heading?: string;
  lead?: ReactNode;
  children: ReactNode;
}) {
  const t = useTranslations('shell');
  useDocumentTitle(t('documentTitle', { title }));
  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <PageHeading>{heading}</PageHeading>
        {lead && <p className={classes.lead}>{lead}</p>}
      </header>
      {children}
    </div>
  );
}
