import { error, ok, skipped, warning, type Check, type Verdict } from '../check.ts';
import { serversOf, type Server } from '../facts/servers.ts';

/** Passwords from images, manuals and compose files, and their usual replacements (ASVS 13.2.3). */
const WELL_KNOWN: ReadonlySet<string> = new Set([
  'admin',
  'changeme',
  'default',
  'example',
  'foobared',
  'gatehouse',
  'mariadb',
  'mysecretpassword',
  'mysql',
  'pass',
  'passw0rd',
  'password',
  'postgres',
  'redis',
  'root',
  'secret',
  'test',
  'toor',
  '12345',
  '123456',
  '12345678',
]);

/**
 * A well-known password for the database or Redis, or one that equals the user name, is an error if the server is on another machine, and a
 * warning on this one (ASVS 13.2.3). No password for another machine is a warning.
 */
export const credentials: Check = {
  id: 'credentials',
  needs: ['DATABASE_URL', 'REDIS_URL', 'SESSION_ENGINE'],
  judge({ settings }) {
    const servers = serversOf(settings);
    if (servers.length === 0) return skipped('SQLite has no accounts.');
    const found = servers.flatMap(judgeServer);
    return found.length > 0
      ? found
      : ok(
          `${servers.map(({ title }) => title).join(' and ')}: no password is well known, and none is missing for a server on another machine.`,
        );
  },
};

function judgeServer({ setting, title, isLocal, user, password }: Server): Verdict[] {
  const fix = `Give ${title} a random password and add it to ${setting}, percent-encoded.`;
  if (password === undefined) {
    return isLocal
      ? []
      : [
          warning(
            `${setting} has no password for ${title} on another machine: anyone who can connect to it can read and end every session.`,
            fix,
          ),
        ];
  }
  if (!WELL_KNOWN.has(password.toLowerCase()) && password !== user) return [];
  const found = `The password in ${setting} is a well-known one that attackers try first.`;
  return [isLocal ? warning(found, fix) : error(found, fix)];
}
