import type { Translation } from '../../i18n/translation.ts';
import type { time as source } from '../en/time.ts';

export const time: Translation<typeof source> = {
  soon: 'in weniger als einer Minute',
  justNow: 'gerade eben',
  ends: 'endet {when}',
  ended: 'endete {when}',
};
