import type { LoginInput } from '@gatehouse/contract';
import { useDocumentTitle } from '@mantine/hooks';
import { useTranslations } from 'use-intl/react';
import { LoginForm } from '../features/sign-in/login-form.tsx';
import { PageHeading } from '../shared/page-heading.tsx';
import { AuthLayout } from './layout/auth-layout.tsx';

interface LoginPageProps {
  /** Why the user was sent here, from the URL. */
  readonly reason: string | undefined;
  /** Signs in. What follows replaces this page. */
  readonly send: (input: LoginInput) => Promise<unknown>;
}

/** Part of the first load: it must not need the router, the query client or the tRPC client. */
export function LoginPage({ reason, send }: LoginPageProps) {
  const t = useTranslations();
  useDocumentTitle(t('shell.documentTitle', { title: t('signIn.title') }));
  return (
    <AuthLayout>
      {/* The first field gets the focus instead. */}
      <PageHeading moveFocus={false}>{t('signIn.title')}</PageHeading>
      <LoginForm reason={reason} send={send} />
    </AuthLayout>
  );
}
