import { useState, useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl/react';
import { languageState, subscribeLanguage, switchLanguage } from '../../i18n/language-store.ts';
import { isLanguage, LANGUAGES, type Language } from '../../i18n/languages.ts';
import { ChoiceGroup } from '../../shared/choice-group.tsx';

// In their own language, because who needs the switch may not read the current one.
const CHOICES = (Object.keys(LANGUAGES) as Language[]).map((value) => ({ value, label: LANGUAGES[value] }));

/** The choice is saved in this browser. */
export function LanguageSwitch() {
  const t = useTranslations('shell');
  const { language } = useSyncExternalStore(subscribeLanguage, languageState);
  const [hasFailed, setHasFailed] = useState(false);
  const change = (value: Language) => {
    setHasFailed(false);
    switchLanguage(value).catch(() => setHasFailed(true));
  };
  return (
    <div>
      <ChoiceGroup label={t('language')} choices={CHOICES} value={isLanguage(language) ? language : undefined} onChange={change} />
      <output>{hasFailed && t('languageFailed')}</output>
    </div>
  );
}
