/** The home page of a signed-in user. */
export const dashboard = {
  title: 'Dashboard',
  welcome: 'Welcome',
  welcomeName: 'Welcome, {name}',
  lead: 'Your account, this session and your recent activity.',
} as const;
