import { StartError } from '@gatehouse/server';

/** The first descriptor that is passed on. */
const FIRST = 3;
const VARIABLES = ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES'] as const;

/**
 * The descriptor of the listening socket that systemd passes on to this process; undefined: there is none. Removes the variables that say so,
 * because they do not apply to the processes that this one starts.
 * https://www.freedesktop.org/software/systemd/man/latest/sd_listen_fds.html
 * @throws StartError if there are several
 */
export function inheritedListener(env: NodeJS.ProcessEnv, pid = process.pid): number | undefined {
  const { LISTEN_PID, LISTEN_FDS } = env;
  for (const name of VARIABLES) delete env[name];
  // Variables that a parent process has left here.
  if (LISTEN_PID !== String(pid) || LISTEN_FDS === undefined) return undefined;
  if (LISTEN_FDS === '1') return FIRST;
  throw new StartError(
    `systemd passes ${LISTEN_FDS} sockets on, and the server listens on one. Leave one ListenStream= in the socket unit.`,
  );
}
