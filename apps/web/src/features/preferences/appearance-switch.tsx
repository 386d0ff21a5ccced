import { useMantineColorScheme } from '@mantine/core';
import { useTranslations } from 'use-intl/react';
import { ChoiceGroup } from '../../shared/choice-group.tsx';

/** The choice is saved in this browser. index.html applies it before the first paint. */
export function AppearanceSwitch() {
  const t = useTranslations('shell');
  // Otherwise Mantine disables transitions with a <style> element, which the content security policy blocks.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const choices = [
    { value: 'light', label: t('light') },
    { value: 'dark', label: t('dark') },
    { value: 'auto', label: t('system') },
  ] as const;
  return <ChoiceGroup label={t('appearance')} choices={choices} value={colorScheme} onChange={setColorScheme} />;
}
