import { withStorageTimeout } from '../deadline.ts';
import type { ClientInfo, Engine, LoadOutcome } from '../engine-port.ts';
import type { Adoption, AdoptedSession, AdoptionOutcome } from '../adoption/adoption.ts';
import { formatToken, hashSecret, tokenOfId } from '../session-id.ts';
import { djangoSessionKey, idOfDjangoSession } from './django-cookie.ts';

export interface DjangoAdoptionOptions {
  readonly engine: Engine;
  /** The secrets of SESSION_SECRET. One of them was the first when the sessions were imported. */
  readonly secrets: readonly string[];
  /** Django's SESSION_COOKIE_NAME. */
  readonly cookieName: string;
  readonly timeoutMs: number;
  /** Called once for each session whose cookie is replaced: see `AdoptionOptions`. */
  readonly onAdopted?: ((adopted: AdoptedSession) => Promise<void>) | undefined;
  /** Epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
}

/** An open page sends several requests at once, and a request whose response was lost is repeated. */
const GRACE_MS = 60_000;

/** Key in the session's data: when its Django cookie was replaced, ISO 8601. */
const ADOPTED = 'djangoCookieReplacedAt';

/**
 * Keeps a browser signed in that has Django's cookie of a session imported by `gatehouse import django`. The cookie is
 * accepted once, for as long as the requests of one page take, and is replaced by ours.
 */
export function createDjangoAdoption(options: DjangoAdoptionOptions): Adoption {
  const { engine, secrets, cookieName, timeoutMs, onAdopted, now = Date.now } = options;

  type Adopting = { readonly outcome: AdoptionOutcome; readonly adopted?: AdoptedSession };

  /** Loads an imported session by its id, through the pointer that the import stored under a handle derived from the id. */
  async function loadImported(id: string): Promise<LoadOutcome> {
    const secretHash = hashSecret(id);
    const pointer = await engine.load(tokenOfId(id).handle, { secretHash });
    return pointer.status === 'claimed' ? engine.load(pointer.successor, { secretHash }) : pointer;
  }

  /** undefined if there is no session with this id. */
  async function adoptAs(id: string, client: ClientInfo): Promise<Adopting | undefined> {
    // Retry if another request changed the session between the two steps.
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const outcome = await loadImported(id);
      if (outcome.status === 'absent') return undefined;
      // Also if its browser has signed in again since.
      if (outcome.status !== 'live') return { outcome: { status: 'over' } };
      const { data, version, handle, userId } = outcome.record;
      const adopted: AdoptionOutcome = { status: 'adopted', id: formatToken({ handle, secret: id }) };
      const before = data[ADOPTED];
      if (typeof before === 'string') return { outcome: Math.abs(now() - Date.parse(before)) < GRACE_MS ? adopted : { status: 'over' } };
      const update = { expectedVersion: version, data: { ...data, [ADOPTED]: new Date(now()).toISOString() }, timestamps: outcome.record };
      if ((await engine.update(handle, update)).status === 'updated')
        return { outcome: adopted, ...(userId !== null && { adopted: { handle, userId, client } }) };
    }
    return undefined;
  }

  async function adopt(djangoKey: string, client: ClientInfo): Promise<Adopting> {
    for (const secret of secrets) {
      const adopting = await adoptAs(idOfDjangoSession(djangoKey, secret), client);
      if (adopting) return adopting;
    }
    // It may be a session that is about to be imported, so the cookie is kept.
    return { outcome: { status: 'left' } };
  }

  return {
    cookieName,
    oldId: (header) => djangoSessionKey(header, cookieName),
    async adopt(djangoKey, client) {
      const { outcome, adopted } = await withStorageTimeout('adopting a session', timeoutMs, () => adopt(djangoKey, client));
      if (adopted) await onAdopted?.(adopted);
      return outcome;
    },
    async discard(djangoKey) {
      await withStorageTimeout('giving up an old session', timeoutMs, () =>
        Promise.all(
          secrets.map(async (secret) => {
            const outcome = await loadImported(idOfDjangoSession(djangoKey, secret));
            // An adopted session is the one that the browser uses now.
            if (outcome.status === 'live' && outcome.record.data[ADOPTED] === undefined) await engine.destroy(outcome.record.handle);
          }),
        ),
      );
    },
  };
}
