import { AppearanceSwitch } from './appearance-switch.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import classes from './preferences.module.css';

/** Language and appearance side by side, for pages without the menu of the header. */
export const Preferences = () => (
  <div className={classes.row}>
    <LanguageSwitch />
    <AppearanceSwitch />
  </div>
);
