import { AppearanceSwitch } from '../../features/appearance/appearance-switch.tsx';
import classes from './footer.module.css';

export function Footer() {
  return (
    <footer className={classes.footer}>
      <AppearanceSwitch />
    </footer>
  );
}
