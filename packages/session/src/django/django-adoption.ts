import { withinTime } from '../deadline.ts';
import type { ClientInfo, Engine, LoadOutcome } from '../engine-port.ts';
import type { Adoption, AdoptedSession, AdoptionOutcome } from '../adoption/adoption.ts';
import { formatToken, hashSecret, tokenOfId } from '../session-id.ts';
import { djangoSessionKey, idOfDjangoSession } from './django-cookie.ts';

export interface DjangoAdoptionOptions {
  readonly engine: Engine;
  /** SESSION_SECRET's: one of them was the first when the sessions were imported. */
  readonly secrets: readonly string[];
  /** Django's SESSION_COOKIE_NAME. */
  readonly cookieName: string;
  readonly timeoutMs: number;
  /** Told once of each session whose cookie is replaced: see `AdoptionOptions`. */
  readonly onAdopted?: ((adopted: AdoptedSession) => Promise<void>) | undefined;
  /** Epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
}

/** Requests of a page that was open come together; one whose answer was lost is sent again. */
const GRACE_MS = 60_000;

/** In a session's data: when its Django cookie was replaced, ISO 8601. */
const ADOPTED = 'djangoCookieReplacedAt';

/**
 * Keeps a browser signed in that has Django's cookie of a session which `gatehouse import django` has brought. Its cookie is good
 * once, for as long as requests of one page take, and is replaced by ours.
 */
export function createDjangoAdoption(options: DjangoAdoptionOptions): Adoption {
  const { engine, secrets, cookieName, timeoutMs, onAdopted, now = Date.now } = options;

  type Adopting = { readonly outcome: AdoptionOutcome; readonly adopted?: AdoptedSession };

  /** The imported session of an id, by the pointer that the import has stored under a handle that follows from the id. */
  async function loadImported(id: string): Promise<LoadOutcome> {
    const secretHash = hashSecret(id);
    const pointer = await engine.load(tokenOfId(id).handle, { secretHash });
    return pointer.status === 'claimed' ? engine.load(pointer.successor, { secretHash }) : pointer;
  }

  /** undefined: there is no session for this id. */
  async function adoptAs(id: string, client: ClientInfo): Promise<Adopting | undefined> {
    // Again when another request has changed it between the two steps.
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const outcome = await loadImported(id);
      if (outcome.status === 'absent') return undefined;
      // Or its browser has signed in anew since.
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
    // Not to be told from one that an import is about to bring: the cookie stays.
    return { outcome: { status: 'left' } };
  }

  return {
    cookieName,
    oldId: (header) => djangoSessionKey(header, cookieName),
    async adopt(djangoKey, client) {
      const { outcome, adopted } = await withinTime('adopting a session', timeoutMs, () => adopt(djangoKey, client));
      if (adopted) await onAdopted?.(adopted);
      return outcome;
    },
    async giveUp(djangoKey) {
      await withinTime('giving up an old session', timeoutMs, () =>
        Promise.all(
          secrets.map(async (secret) => {
            const outcome = await loadImported(idOfDjangoSession(djangoKey, secret));
            // One that was adopted is the session that the browser has with us.
            if (outcome.status === 'live' && outcome.record.data[ADOPTED] === undefined) await engine.destroy(outcome.record.handle);
          }),
        ),
      );
    },
  };
}
