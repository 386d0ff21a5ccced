import type { Translation } from '../../i18n/translation.ts';
import type { users as source } from '../en/users.ts';

export const users: Translation<typeof source> = {};
