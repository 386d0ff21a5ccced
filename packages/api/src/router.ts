import { audit } from './procedures/admin/audit.ts';
import { deleteUser } from './procedures/admin/delete-user.ts';
import { findUser } from './procedures/admin/find-user.ts';
import { getUser } from './procedures/admin/get-user.ts';
import { listUserSessions } from './procedures/admin/list-user-sessions.ts';
import { listUsers } from './procedures/admin/list-users.ts';
import { overview } from './procedures/admin/overview.ts';
import { revokeAllSessions } from './procedures/admin/revoke-all-sessions.ts';
import { revokeSession as revokeAnySession } from './procedures/admin/revoke-session.ts';
import { revokeUserSessions } from './procedures/admin/revoke-user-sessions.ts';
import { setRole } from './procedures/admin/set-role.ts';
import { setStatus } from './procedures/admin/set-status.ts';
import { unlock } from './procedures/admin/unlock.ts';
import { changePassword } from './procedures/change-password.ts';
import { listSessions } from './procedures/list-sessions.ts';
import { login } from './procedures/login.ts';
import { logout } from './procedures/logout.ts';
import { me } from './procedures/me.ts';
import { presence } from './procedures/presence.ts';
import { reauthenticate } from './procedures/reauthenticate.ts';
import { recentActivity } from './procedures/recent-activity.ts';
import { revokeOtherSessions } from './procedures/revoke-other-sessions.ts';
import { revokeSession } from './procedures/revoke-session.ts';
import { updateProfile } from './procedures/update-profile.ts';
import { t } from './trpc.ts';

/** Gatehouse's own procedures. Add yours with `mergeRouters(gatehouseRouter, router({ … }))`. */
export const gatehouseRouter = t.router({
  auth: t.router({ login, logout, me, presence, reauthenticate }),
  account: t.router({ changePassword, recentActivity, updateProfile }),
  sessions: t.router({ list: listSessions, revoke: revokeSession, revokeOthers: revokeOtherSessions }),
  admin: t.router({
    audit,
    overview,
    users: t.router({
      list: listUsers,
      get: getUser,
      find: findUser,
      setRole,
      setStatus,
      delete: deleteUser,
      unlock,
      sessions: listUserSessions,
      revokeSessions: revokeUserSessions,
    }),
    sessions: t.router({ revoke: revokeAnySession, revokeAll: revokeAllSessions }),
  }),
});

/** The router type for clients. Import it with `import type`, so that no server code is bundled. */
export type AppRouter = typeof gatehouseRouter;
