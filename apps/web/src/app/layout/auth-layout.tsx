import type { ReactNode } from 'react';
import { Preferences } from '../../features/preferences/preferences.tsx';
import { HomeAnchor } from '../../shared/home-anchor.tsx';
import classes from './auth-layout.module.css';
import { LoginIllustration } from './login-illustration.tsx';

/** Layout of the login page: the form, and an illustration on wide screens. */
export function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <div className={classes.frame}>
      <LoginIllustration />
      <div className={classes.side}>
        <header className={classes.header}>
          <HomeAnchor />
        </header>
        <main id="main" tabIndex={-1} className={classes.main}>
          {children}
        </main>
        <footer>
          <Preferences />
        </footer>
      </div>
    </div>
  );
}
