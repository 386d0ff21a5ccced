import { StartError } from '@gatehouse/server';
import type { Env } from '@gatehouse/settings';

/** What systemd sets for a process to which it passes sockets on. */
export const SOCKET_VARIABLES = ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES'];

/** The first descriptor that is passed on. */
const FIRST = 3;

/**
 * The descriptor of the listening socket that systemd passes on to this process; undefined: there is none.
 * https://www.freedesktop.org/software/systemd/man/latest/sd_listen_fds.html
 * @throws StartError if there are several
 */
export function inheritedListener({ LISTEN_PID, LISTEN_FDS }: Env, pid = process.pid): number | undefined {
  // Otherwise a parent process has left the variables here.
  if (LISTEN_PID !== String(pid) || LISTEN_FDS === undefined) return undefined;
  if (LISTEN_FDS === '1') return FIRST;
  throw new StartError(
    `systemd passes ${LISTEN_FDS} sockets on, and the server listens on one. Leave one ListenStream= in the socket unit.`,
  );
}
