/** Words for accounts that several pages use. */
export const accounts = {
  roles: { user: 'User', admin: 'Administrator' },
  statuses: { active: 'Active', suspended: 'Suspended' },
} as const;
