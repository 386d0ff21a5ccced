import { useDocumentTitle } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { Brand } from '../../shared/brand.tsx';
import { PageHeading } from '../../shared/page-heading.tsx';
import { AppearanceSwitch } from '../appearance/appearance-switch.tsx';
import { Gate } from './gate.tsx';
import { LoginForm } from './login-form.tsx';
import classes from './sign-in-page.module.css';

export function SignInPage({ reason }: { reason: string | undefined }) {
  useDocumentTitle('Sign in · Gatehouse');
  return (
    <div className={classes.frame}>
      <Gate />
      <div className={classes.side}>
        <Link to="/" className={classes.home} aria-label="Gatehouse, to the start page">
          <Brand />
        </Link>
        <main id="main" tabIndex={-1} className={classes.main}>
          {/* The first field takes the focus here. */}
          <PageHeading takesFocus={false}>Sign in</PageHeading>
          <LoginForm reason={reason} />
        </main>
        <AppearanceSwitch />
      </div>
    </div>
  );
}
