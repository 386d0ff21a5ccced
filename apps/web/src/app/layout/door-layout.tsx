import type { ReactNode } from 'react';
import { AppearanceSwitch } from '../../features/appearance/appearance-switch.tsx';
import { HomeLink } from '../../shared/home-link.tsx';
import classes from './door-layout.module.css';
import { Gate } from './gate.tsx';

/** The page one stands before when one is not in: a picture where there is room, and the form. */
export function DoorLayout({ children }: { children: ReactNode }) {
  return (
    <div className={classes.frame}>
      <Gate />
      <div className={classes.side}>
        <header className={classes.header}>
          <HomeLink />
        </header>
        <main id="main" tabIndex={-1} className={classes.main}>
          {children}
        </main>
        <footer>
          <AppearanceSwitch />
        </footer>
      </div>
    </div>
  );
}
