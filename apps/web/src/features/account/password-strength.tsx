import { ZxcvbnFactory, type TranslationKeys } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary as commonWords } from '@zxcvbn-ts/language-common';
import { dictionary as englishWords } from '@zxcvbn-ts/language-en';
import { useDeferredValue, useMemo } from 'react';
import { useTranslations } from 'use-intl/react';
import classes from './password-strength.module.css';

// Without translations, warnings are keys, which are translated here.
const zxcvbn = new ZxcvbnFactory({ graphs: adjacencyGraphs, dictionary: { ...commonWords, ...englishWords } });

const STEPS = [1, 2, 3, 4] as const;

export interface PasswordStrengthProps {
  readonly password: string;
  /** The password should contain none of it. */
  readonly user: { readonly name: string; readonly username: string; readonly email: string };
}

/** How hard a password is to guess, with the reason if it is easy. It only advises: the server has its own rules. Loaded on demand. */
export function PasswordStrength({ password, user: { name, username, email } }: PasswordStrengthProps) {
  const t = useTranslations('account.strength');
  // The check can take longer than a key press.
  const checked = useDeferredValue(password);
  const result = useMemo(
    () => (checked === '' ? undefined : zxcvbn.check(checked, [username, email, ...email.split('@'), name, ...name.split(/\s+/)])),
    [checked, username, email, name],
  );
  const score = result?.score ?? 0;
  const warning = result?.feedback.warning as keyof TranslationKeys['warnings'] | null | undefined;
  const words = result && t(`scores.${score}`);
  return (
    <div className={classes.strength} data-score={result ? score : undefined}>
      <div
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- browsers draw <meter> in their own way
        role="meter"
        aria-label={t('label')}
        aria-valuemin={0}
        aria-valuemax={4}
        aria-valuenow={score}
        aria-valuetext={words ?? '–'}
        className={classes.meter}
      >
        {STEPS.map((step) => (
          <span key={step} data-on={result !== undefined && step <= Math.max(1, score)} />
        ))}
      </div>
      <output className={classes.words}>
        {words !== undefined && <strong>{words}</strong>}
        {warning && t.has(`warnings.${warning}`) && <span>{t(`warnings.${warning}`)}</span>}
      </output>
    </div>
  );
}
