import { withinTime } from '../deadline.ts';
import type { Engine, Visit } from '../engine-port.ts';
import type { Adoption, AdoptedSession, AdoptionOutcome } from '../adoption/adoption.ts';
import { sessionKey } from '../session-id.ts';
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
 * Lets a browser go on that holds Django's cookie of a session that `gatehouse import django` has brought. Its cookie is good
 * once, for as long as requests of one page take, and is replaced by ours.
 */
export function createDjangoAdoption(options: DjangoAdoptionOptions): Adoption {
  const { engine, secrets, cookieName, timeoutMs, onAdopted, now = Date.now } = options;

  type Adopting = { readonly outcome: AdoptionOutcome; readonly adopted?: AdoptedSession };

  /** undefined: there is no session for this id. */
  async function adoptAs(id: string, visit: Visit): Promise<Adopting | undefined> {
    const key = sessionKey(id);
    // Again when another request has changed it between the two steps.
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const outcome = await engine.load(key);
      if (outcome.status === 'expired') return { outcome: { status: 'over' } };
      if (outcome.status === 'absent') return undefined;
      const { data, version, handle, userId } = outcome.record;
      const before = data[ADOPTED];
      if (typeof before === 'string')
        return { outcome: Math.abs(now() - Date.parse(before)) < GRACE_MS ? { status: 'adopted', id } : { status: 'over' } };
      const update = { expectedVersion: version, data: { ...data, [ADOPTED]: new Date(now()).toISOString() }, clocks: outcome.record };
      if ((await engine.update(key, update)).status === 'updated')
        return { outcome: { status: 'adopted', id }, ...(userId !== null && { adopted: { handle, userId, visit } }) };
    }
    return undefined;
  }

  async function adopt(djangoKey: string, visit: Visit): Promise<Adopting> {
    for (const secret of secrets) {
      const adopting = await adoptAs(idOfDjangoSession(djangoKey, secret), visit);
      if (adopting) return adopting;
    }
    // Not to be told from one that an import is about to bring: the cookie stays.
    return { outcome: { status: 'left' } };
  }

  return {
    cookieName,
    oldId: (header) => djangoSessionKey(header, cookieName),
    async adopt(djangoKey, visit) {
      const { outcome, adopted } = await withinTime('adopting a session', timeoutMs, () => adopt(djangoKey, visit));
      if (adopted) await onAdopted?.(adopted);
      return outcome;
    },
    async giveUp(djangoKey) {
      await withinTime('giving up an old session', timeoutMs, () =>
        Promise.all(
          secrets.map(async (secret) => {
            const key = sessionKey(idOfDjangoSession(djangoKey, secret));
            const outcome = await engine.load(key);
            // One that was adopted is the session that the browser has with us.
            if (outcome.status === 'live' && outcome.record.data[ADOPTED] === undefined) await engine.destroy(key);
          }),
        ),
      );
    },
  };
}
