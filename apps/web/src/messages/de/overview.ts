import type { Translation } from '../../i18n/translation.ts';
import type { overview as source } from '../en/overview.ts';

export const overview: Translation<typeof source> = {};
