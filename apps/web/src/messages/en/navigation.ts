/** The links of the main navigation, by the `nav.label` of the routes. */
export const navigation = {
  label: 'Main',
  preferences: 'Preferences',
  shortcuts: 'Keyboard shortcuts',
  pages: {
    dashboard: 'Dashboard',
    profile: 'Profile',
    sessions: 'Sessions',
    accounts: 'Users',
    allSessions: 'All sessions',
    admin: 'Admin',
    audit: 'Audit',
  },
} as const;
