import { SegmentedControl, useMantineColorScheme } from '@mantine/core';
import classes from './appearance-switch.module.css';

const CHOICES = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'auto', label: 'System' },
] as const;

/** The choice is saved in this browser. index.html applies it before the first paint. */
export function AppearanceSwitch() {
  // Otherwise Mantine disables transitions with a <style> element, which the content security policy blocks.
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
