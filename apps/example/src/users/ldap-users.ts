import type { UserSource } from '@gatehouse/server';
import { StorageUnavailableError, type FoundUser } from '@gatehouse/session';
import { Client, EqualityFilter, InvalidCredentialsError, type Entry } from 'ldapts';

export interface LdapOptions {
  /** `ldaps://ldap.example.com`. Without TLS, passwords can be read on the way. */
  readonly url: string;
  /** A service account that may search. */
  readonly bindDn: string;
  readonly bindPassword: string;
  /** Where people are: `ou=people,dc=example,dc=com`. */
  readonly baseDn: string;
  /** How long a disabled user may keep a session: LDAP tells nobody about changes. @default 60_000 */
  readonly maxAgeMs?: number;
}

const TIMEOUT_MS = 2000;

/**
 * Users from an LDAP directory. Signing in is a bind as the user. While LDAP is down nobody is signed out: a request for
 * which it must be asked is answered with 503.
 */
export function ldapUsers({ url, bindDn, bindPassword, baseDn, maxAgeMs = 60_000 }: LdapOptions) {
  /** One connection per call, because a bind changes whose connection it is. */
  async function withClient<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client({ url, timeout: TIMEOUT_MS, connectTimeout: TIMEOUT_MS });
    try {
      return await work(client);
    } finally {
      await client.unbind().catch(() => undefined);
    }
  }

  async function search(uid: string): Promise<Entry | undefined> {
    return withClient(async (client) => {
      await client.bind(bindDn, bindPassword);
      // A filter object escapes its value. Text put together by hand would let `*` match everybody.
      const filter = new EqualityFilter({ attribute: 'uid', value: uid });
      const { searchEntries } = await client.search(baseDn, { scope: 'sub', filter, sizeLimit: 2, attributes: ATTRIBUTES });
      return searchEntries.length === 1 ? searchEntries[0] : undefined;
    });
  }

  const users: UserSource = { maxAgeMs, find: async (userId) => found(await search(userId)) };

  return {
    users,

    /**
     * The user with this name and password; undefined if there is none who may sign in. Limit the rate of calls.
     * @throws StorageUnavailableError if LDAP does not answer, which `gatehouse.errors` answers with 503
     */
    async verify(uid: string, password: string): Promise<FoundUser | undefined> {
      // LDAP takes a bind with a name and no password for an anonymous one, and accepts it (RFC 4513, 5.1.2).
      if (uid === '' || password === '') return undefined;
      try {
        const entry = await search(uid);
        if (!entry) return undefined;
        return await withClient(async (client) => {
          try {
            await client.bind(entry.dn, password);
          } catch (error) {
            if (error instanceof InvalidCredentialsError) return undefined;
            throw error;
          }
          return found(entry);
        });
      } catch (error) {
        throw new StorageUnavailableError('LDAP does not answer.', { cause: error });
      }
    },
  };
}

/** `nsAccountLock` is what 389 Directory Server and FreeIPA say of a disabled user. Active Directory: bit 2 of `userAccountControl`. */
const ATTRIBUTES = ['uid', 'cn', 'mail', 'departmentNumber', 'nsAccountLock'];

function found(entry: Entry | undefined): FoundUser | undefined {
  if (!entry || text(entry, 'nsAccountLock').toLowerCase() === 'true') return undefined;
  const uid = text(entry, 'uid');
  return {
    user: {
      id: uid,
      username: uid,
      email: text(entry, 'mail'),
      name: text(entry, 'cn'),
      role: 'user',
      status: 'active',
      attributes: { department: text(entry, 'departmentNumber') },
    },
    // LDAP has no epochs. To end somebody's sessions: gatehouse.engine.destroyByUser(uid)
    credentialEpoch: 0,
  };
}

/** The first value of an attribute, whose name a server may write in another case; '' if there is none. */
function text(entry: Entry, name: string): string {
  const values = Object.entries(entry).flatMap(([key, value]) => (key.toLowerCase() === name.toLowerCase() ? value : []));
  return values[0] === undefined ? '' : String(values[0]);
}
