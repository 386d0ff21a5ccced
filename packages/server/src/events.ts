import type { ActorKind } from '@gatehouse/contract';
import { withTimeout } from '@gatehouse/session/with-timeout';
import type { Logger } from './logger.ts';

/** Who did it. */
export interface EventActor {
  /** `self`: the user. `visitor`: somebody who is not signed in. `system`: Gatehouse, or code of the app. */
  readonly kind: ActorKind;
  /** The user id of the actor; null if the actor has none. */
  readonly id: string | null;
  /** Of the request; null if there was none. */
  readonly ip: string | null;
  readonly userAgent: string | null;
}

interface Event {
  readonly at: Date;
  readonly actor: EventActor;
}

export type EndReason =
  | 'signed_out'
  | 'replaced_by_new_sign_in'
  | 'revoked_by_owner'
  | 'revoked_by_admin'
  | 'revoked_at_command_line'
  | 'expired'
  | 'expiry_policy'
  | 'session_limit'
  | 'password_changed'
  | 'suspended'
  | 'deleted';

/** Events by name. No event has a password, a secret, a token or an e-mail address. Handles are public ids of sessions, `ses_…`. */
export interface GatehouseEvents {
  /** A user signed in. `method`: as given to `signIn`; `adopted` for a session of an earlier app. */
  readonly signedIn: Event & { readonly userId: string; readonly handle: string; readonly method: string };
  /** A wrong password. `userId` is null if there is no such account. `locks`: further attempts are delayed from now on. */
  readonly signInFailed: Event & { readonly userId: string | null; readonly locks: boolean };
  /** A user ended their session with a request of this session: by signing out, or by signing in again. */
  readonly signedOut: Event & { readonly userId: string; readonly handle: string; readonly reason: EndReason };
  /** Sessions were ended from another session. `userId` null: of everyone. `handle` null: several sessions. */
  readonly revoked: Event & {
    readonly userId: string | null;
    readonly handle: string | null;
    readonly ended: number;
    readonly reason: EndReason;
  };
  /** A session expired: when the purge removes it, or when the expiry policy ends it. */
  readonly expired: Event & { readonly userId: string; readonly handle: string; readonly reason: EndReason };
  /** A session ended because its user had more than SESSION_LIMIT_PER_USER. */
  readonly evicted: Event & { readonly userId: string; readonly handle: string };
  /** Sessions ended, for whatever reason: comes with `signedOut`, `revoked`, `expired`, `evicted`, `passwordChanged` and `userChanged`. */
  readonly sessionEnded: Event & {
    readonly userId: string | null;
    /** null: several sessions. */
    readonly handle: string | null;
    readonly ended: number;
    readonly reason: EndReason;
  };
  /** The user's password was checked again. */
  readonly reauthenticated: Event & { readonly userId: string; readonly handle: string | null };
  /** `ended`: the user's other sessions, which this ended. */
  readonly passwordChanged: Event & { readonly userId: string; readonly ended: number };
  readonly userChanged: Event & {
    readonly userId: string;
    readonly change: 'created' | 'profile' | 'attributes' | 'role' | 'suspended' | 'reactivated' | 'deleted';
  };
}

export type EventName = keyof GatehouseEvents;

export type EventHandler<Name extends EventName> = (event: GatehouseEvents[Name]) => void | Promise<void>;

const NAMES = {
  signedIn: true,
  signInFailed: true,
  signedOut: true,
  revoked: true,
  expired: true,
  evicted: true,
  sessionEnded: true,
  reauthenticated: true,
  passwordChanged: true,
  userChanged: true,
} as const satisfies Record<EventName, true>;

export const EVENT_NAMES = Object.keys(NAMES) as readonly EventName[];

export type Emit = <Name extends EventName>(name: Name, event: GatehouseEvents[Name]) => void;

export interface Events {
  /** @throws TypeError for an unknown name, or a handler that is no function. */
  on<Name extends EventName>(name: Name, handler: EventHandler<Name>): () => void;
  readonly emit: Emit;
  /** Waits for the handlers that were called, at most 5 seconds. */
  settle(): Promise<void>;
}

/** How long `close` waits for handlers. */
const SETTLE_MS = 5000;

export function createEvents(logger: Logger): Events {
  const registered = new Map<EventName, Set<{ readonly handler: (event: never) => void | Promise<void> }>>();
  const pending = new Set<Promise<void>>();

  /** Calls the handlers after the current work, so that they delay no request and their errors reach none. */
  async function call(name: EventName, handler: (event: never) => void | Promise<void>, event: object): Promise<void> {
    try {
      await new Promise((resolve) => setImmediate(resolve));
      await handler(event as never);
    } catch (error) {
      logger.error({ err: error, event: name }, 'A handler of an event failed.');
    }
  }

  return {
    on(name, handler) {
      if (!Object.hasOwn(NAMES, name))
        throw new TypeError(`There is no event ${JSON.stringify(name)}. Events are ${EVENT_NAMES.join(', ')}.`);
      if (typeof handler !== 'function') throw new TypeError(`The handler of ${name} must be a function.`);
      const entry = { handler };
      const handlers = registered.get(name) ?? new Set();
      registered.set(name, handlers.add(entry));
      return () => void handlers.delete(entry);
    },
    emit(name, event) {
      for (const { handler } of registered.get(name) ?? []) {
        const running = call(name, handler, Object.freeze({ ...event })).finally(() => void pending.delete(running));
        pending.add(running);
      }
    },
    async settle() {
      const all = async (): Promise<void> => {
        // oxlint-disable-next-line no-await-in-loop -- a handler may cause further events
        while (pending.size > 0) await Promise.all(pending);
      };
      await withTimeout(all(), {
        ms: SETTLE_MS,
        onTimeout: () => logger.warn({ handlers: pending.size }, 'Handlers of events were still running at the end.'),
      });
    },
  };
}
