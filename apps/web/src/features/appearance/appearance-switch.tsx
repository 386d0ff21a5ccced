import { SegmentedControl, useMantineColorScheme } from '@mantine/core';
import classes from './appearance-switch.module.css';

const CHOICES = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'auto', label: 'System' },
] as const;

/** Kept in this browser only; index.html reads it before the first paint. */
export function AppearanceSwitch() {
  // Mantine switches transitions off by a <style> element, which the content security policy refuses.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  return (
    <div className={classes.appearance}>
      <span id="appearance">Appearance</span>
      <SegmentedControl
        classNames={{ root: classes.choices, indicator: classes.chosen }}
        size="xs"
        withItemsBorders={false}
        aria-labelledby="appearance"
        data={[...CHOICES]}
        value={colorScheme}
        onChange={setColorScheme}
      />
    </div>
  );
}
