import { login } from './procedures/login.ts';
import { logout } from './procedures/logout.ts';
import { me } from './procedures/me.ts';
import { overview } from './procedures/overview.ts';
import { recentActivity } from './procedures/recent-activity.ts';
import { updateProfile } from './procedures/update-profile.ts';
import { t } from './trpc.ts';

export const appRouter = t.router({
  auth: t.router({ login, logout, me }),
  account: t.router({ recentActivity, updateProfile }),
  admin: t.router({ overview }),
});

/** The one type every client is made from. Import it as a type: the code stays on the server. */
export type AppRouter = typeof appRouter;
