/** The messages of the pages for administrators. */
export { adminSessions } from './admin-sessions.ts';
export { audit } from './audit.ts';
export { overview } from './overview.ts';
export { users } from './users.ts';
