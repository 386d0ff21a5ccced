import { createGatehouse, getSessionUser, sessionOf } from '@gatehouse/server';
import type { Request } from 'express';
import { users } from './people.ts';

const gatehouse = await createGatehouse({
  users,
  redisUrl: process.env['REDIS_URL'] ?? 'redis://localhost:6379',
  // The secret of express-session, so that its sessions, which are in the same Redis, stay valid.
  env: { SESSION_ADOPT_SECRET: process.env['OLD_SECRET'] },
});

export const { sessions } = gatehouse;

export function userIdOf(req: Request): number | undefined {
  const user = getSessionUser(req);
  return user && Number(user.id);
}

export async function signIn(req: Request, id: number): Promise<void> {
  const found = await users.find(String(id));
  if (found) await sessionOf(req).signIn(found.user, found);
}

export const signOut = (req: Request): Promise<void> => sessionOf(req).flush();
