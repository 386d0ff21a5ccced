import { audit } from './procedures/admin/audit.ts';
import { createUser } from './procedures/admin/create-user.ts';
import { deleteUser } from './procedures/admin/delete-user.ts';
import { accountFields as fieldsForAdministrators } from './procedures/admin/account-fields.ts';
import { endSessionsOfUsers } from './procedures/admin/end-sessions-of-users.ts';
import { findUser } from './procedures/admin/find-user.ts';
import { getAnySession } from './procedures/admin/get-session.ts';
import { getUser } from './procedures/admin/get-user.ts';
import { listAllSessions } from './procedures/admin/list-sessions.ts';
import { listUserSessions } from './procedures/admin/list-user-sessions.ts';
import { listUsers } from './procedures/admin/list-users.ts';
import { overview } from './procedures/admin/overview.ts';
import { revokeAllSessions } from './procedures/admin/revoke-all-sessions.ts';
import { revokeSession as revokeAnySession } from './procedures/admin/revoke-session.ts';
import { revokeAnySessions } from './procedures/admin/revoke-sessions.ts';
import { revokeUserSessions } from './procedures/admin/revoke-user-sessions.ts';
import { searchUsers } from './procedures/admin/search-users.ts';
import { setRole } from './procedures/admin/set-role.ts';
import { setStatus } from './procedures/admin/set-status.ts';
import { setTemporaryPassword } from './procedures/admin/set-temporary-password.ts';
import { stats } from './procedures/admin/stats.ts';
import { suspendUsers } from './procedures/admin/suspend-users.ts';
import { unlock } from './procedures/admin/unlock.ts';
import { updateUser } from './procedures/admin/update-user.ts';
import { changes } from './procedures/changes.ts';
import { changeEmail } from './procedures/change-email.ts';
import { changePassword } from './procedures/change-password.ts';
import { accountFields } from './procedures/account-fields.ts';
import { getSession } from './procedures/get-session.ts';
import { listSessions } from './procedures/list-sessions.ts';
import { login } from './procedures/login.ts';
import { logout } from './procedures/logout.ts';
import { me } from './procedures/me.ts';
import { presence } from './procedures/presence.ts';
import { reauthenticate } from './procedures/reauthenticate.ts';
import { recentActivity } from './procedures/recent-activity.ts';
import { revokeOtherSessions } from './procedures/revoke-other-sessions.ts';
import { revokeSession } from './procedures/revoke-session.ts';
import { revokeSessions } from './procedures/revoke-sessions.ts';
import { searchSessions } from './procedures/search-sessions.ts';
import { updateProfile } from './procedures/update-profile.ts';
import { t } from './trpc.ts';

/** Gatehouse's own procedures. Add yours with `mergeRouters(gatehouseRouter, router({ … }))`. */
export const gatehouseRouter = t.router({
  auth: t.router({ changes, login, logout, me, presence, reauthenticate }),
  account: t.router({ changeEmail, changePassword, fields: accountFields, recentActivity, updateProfile }),
  sessions: t.router({
    list: listSessions,
    search: searchSessions,
    get: getSession,
    revoke: revokeSession,
    revokeMany: revokeSessions,
    revokeOthers: revokeOtherSessions,
  }),
  admin: t.router({
    audit,
    overview,
    stats,
    users: t.router({
      list: listUsers,
      search: searchUsers,
      get: getUser,
      find: findUser,
      fields: fieldsForAdministrators,
      create: createUser,
      update: updateUser,
      setTemporaryPassword,
      suspendMany: suspendUsers,
      endSessionsMany: endSessionsOfUsers,
      setRole,
      setStatus,
      delete: deleteUser,
      unlock,
      sessions: listUserSessions,
      revokeSessions: revokeUserSessions,
    }),
    sessions: t.router({
      list: listAllSessions,
      get: getAnySession,
      revoke: revokeAnySession,
      revokeMany: revokeAnySessions,
      revokeAll: revokeAllSessions,
    }),
  }),
});

/** The router type for clients. Import it with `import type`, so that no server code is bundled. */
export type AppRouter = typeof gatehouseRouter;
