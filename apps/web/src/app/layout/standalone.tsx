import type { ReactNode } from 'react';
import { AppearanceSwitch } from '../../features/appearance/appearance-switch.tsx';
import { HomeLink } from '../../shared/home-link.tsx';
import classes from './standalone.module.css';

/** A page outside the signed-in part: nothing but its message. */
export function Standalone({ children }: { children: ReactNode }) {
  return (
    <div className={classes.frame}>
      <header>
        <HomeLink />
      </header>
      <main id="main" tabIndex={-1} className={classes.main}>
        {children}
      </main>
      <footer>
        <AppearanceSwitch />
      </footer>
    </div>
  );
}
