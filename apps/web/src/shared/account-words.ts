import type { AccountStatus, Role } from '@gatehouse/contract';

export const ROLE_WORDS: Record<Role, string> = { user: 'User', admin: 'Administrator' };

export const STATUS_WORDS: Record<AccountStatus, string> = { active: 'Active', suspended: 'Suspended' };
