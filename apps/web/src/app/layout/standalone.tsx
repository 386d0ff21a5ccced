import { use, type ReactNode } from 'react';
import { AppearanceSwitch } from '../../features/appearance/appearance-switch.tsx';
import { HomeLink } from '../../shared/home-link.tsx';
import { Framed } from './frame.ts';
import classes from './standalone.module.css';

/** A page that is nothing but its message; in the place of a signed-in page, the message alone. */
export function Standalone({ children }: { children: ReactNode }) {
  if (use(Framed)) return children;
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
