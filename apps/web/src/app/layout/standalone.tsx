import { use, type ReactNode } from 'react';
import { Preferences } from '../../features/preferences/preferences.tsx';
import { HomeLink } from '../../shared/home-link.tsx';
import { InsideLayout } from './inside-layout.ts';
import classes from './standalone.module.css';

/** A page that consists of a message. Within the signed-in layout, renders only the message. */
export function Standalone({ children }: { children: ReactNode }) {
  if (use(InsideLayout)) return children;
  return (
    <div className={classes.frame}>
      <header>
        <HomeLink />
      </header>
      <main id="main" tabIndex={-1} className={classes.main}>
        {children}
      </main>
      <footer>
        <Preferences />
      </footer>
    </div>
  );
}
