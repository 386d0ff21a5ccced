import type { Me } from '@gatehouse/contract';
import type { Report } from './report.ts';
import { facts } from './terminal/table.ts';
import { fromNow } from './terminal/time.ts';
import { addressOf } from './server-connection.ts';

/** Who is signed in where. Times are relative to the server's clock, not to this machine's. */
export function describeMe(url: URL, me: Me): Report {
  const { user, session, serverNow } = me;
  return {
    json: { url: addressOf(url), ...me },
    lines: facts([
      ['Signed in as', `${user.name} (${user.username}, ${user.email}), ${user.role}`],
      ['Server', addressOf(url)],
      ['Session', session.handle],
      ['Signed in', fromNow(session.loginTime, serverNow)],
      ['Expires', `${fromNow(session.expires, serverNow)} if not used; ${fromNow(session.absoluteExpires, serverNow)} at the latest`],
    ]),
  };
}
