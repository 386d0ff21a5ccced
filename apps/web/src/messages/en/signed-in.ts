/** The messages of the pages behind the sign-in, one file per feature. */
export { account } from './account.ts';
export { accounts } from './accounts.ts';
export { activity } from './activity.ts';
export { adminSessions } from './admin-sessions.ts';
export { audit } from './audit.ts';
export { controls } from './controls.ts';
export { dashboard } from './dashboard.ts';
export { devices } from './devices.ts';
export { navigation } from './navigation.ts';
export { overview } from './overview.ts';
export { palette } from './palette.ts';
export { reauthentication } from './reauthentication.ts';
export { session } from './session.ts';
export { sessions } from './sessions.ts';
export { shortcuts } from './shortcuts.ts';
export { time } from './time.ts';
export { users } from './users.ts';
