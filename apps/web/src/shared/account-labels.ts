import type { AccountStatus, Role } from '@gatehouse/contract';

export const ROLE_LABELS: Record<Role, string> = { user: 'User', admin: 'Administrator' };

export const STATUS_LABELS: Record<AccountStatus, string> = { active: 'Active', suspended: 'Suspended' };
