import type { Translation } from '../../i18n/translation.ts';
import type { palette as source } from '../en/palette.ts';

export const palette: Translation<typeof source> = {};
