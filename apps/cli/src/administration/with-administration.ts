import type { SessionUser } from '@gatehouse/contract';
import { Option } from 'commander';
import { withLocal, withSessions } from '../local.ts';
import { noUser } from '../require-user.ts';
import type { ServerOptions } from '../server-connection.ts';
import type { Administration } from './administration.ts';

/** For commands that do the same on a server. */
export const serverOption = () =>
  new Option(
    '--url <address>',
    'do it on this server, as the administrator of `gatehouse login --url` (default: in the configured storage)',
  );

interface Needs extends ServerOptions {
  /** The work is on sessions, so it is refused if they are in the memory of a server. Default: false. */
  readonly sessions?: boolean;
}

/** Runs the work on the server with this address, else in the configured storage. */
export async function withAdministration<T>({ url, sessions = false }: Needs, work: (admin: Administration) => Promise<T>): Promise<T> {
  if (url !== undefined) {
    const { remoteAdministration } = await import('./remote-administration.ts');
    return work(remoteAdministration({ url }));
  }
  const { localAdministration } = await import('./local-administration.ts');
  return (sessions ? withSessions : withLocal)(async (local) => work(localAdministration(local)));
}

/** The user with this user name or e-mail address. @throws Failure UNKNOWN_USER */
export async function requireUserOf(admin: Pick<Administration, 'findUser'>, identifier: string): Promise<SessionUser> {
  const user = await admin.findUser(identifier);
  if (!user) throw noUser(identifier);
  return user;
}
