/** The messages of the pages behind the sign-in, one file per feature. Those for administrators are in administration.ts. */
export { account } from './account.ts';
export { accounts } from './accounts.ts';
export { activity } from './activity.ts';
export { controls } from './controls.ts';
export { dashboard } from './dashboard.ts';
export { devices } from './devices.ts';
export { navigation } from './navigation.ts';
export { ownFields } from './own-fields.ts';
export { palette } from './palette.ts';
export { reauthentication } from './reauthentication.ts';
export { session } from './session.ts';
export { sessions } from './sessions.ts';
export { shortcuts } from './shortcuts.ts';
export { time } from './time.ts';
