import type { Translation } from '../../i18n/translation.ts';
import type { audit as source } from '../en/audit.ts';

export const audit: Translation<typeof source> = {};
