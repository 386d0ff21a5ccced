import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { AppearanceSwitch } from '../../features/appearance/appearance-switch.tsx';
import { Brand } from '../../shared/brand.tsx';
import classes from './standalone.module.css';

/** A page outside the signed-in part: nothing but its message. */
export function Standalone({ children }: { children: ReactNode }) {
  return (
    <div className={classes.frame}>
      <Link to="/" className={classes.home} aria-label="Gatehouse, to the start page">
        <Brand />
      </Link>
      <main id="main" tabIndex={-1} className={classes.main}>
        {children}
      </main>
      <AppearanceSwitch />
    </div>
  );
}
