import { shardTagOf } from '../../session-id.ts';

/**
 * The keys of one hash slot (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags): one session of nobody,
 * or all that there is of one user. Scripts are told every key, so they run on a cluster. A tag says whose slot it is, so the keys
 * themselves carry no user id: `user` names its owner, and no session of anybody else is stored beside.
 */
export interface Slot {
  /** A hash, see record.ts. Without a handle: a key that never exists. */
  record(handle?: string): string;
  /** A hash, see slot-lua.ts: what is known of the user. */
  readonly user: string;
  /** Handles of the user's sessions, by when they end. */
  readonly byExpiry: string;
  /** The same, by last activity. */
  readonly byActivity: string;
  /** Whose session was ended, until replicas have acknowledged it. */
  ended(handle: string): string;
  /** Adoption is refused for this user. */
  unadoptable(userId: string): string;
}

export function slotOfTag(prefix: string, tag: string): Slot {
  const name = `${prefix}{${tag}}:`;
  return {
    record: (handle = '') => `${name}s:${handle}`,
    user: `${name}user`,
    byExpiry: `${name}expiry`,
    byActivity: `${name}activity`,
    ended: (handle) => `${name}ended:${handle}`,
    unadoptable: (userId) => `${name}unadoptable:${userId}`,
  };
}

/** An empty tag, or one that ends early, would put the keys of a slot into several: a handle may be anything that a client sent. */
export const slotOf = (prefix: string, handle: string): Slot => slotOfTag(prefix, shardTagOf(handle).replaceAll(/[^\w-]/g, '_') || '_');

/** What most scripts are told. */
export const slotKeys = (slot: Slot, handle?: string): string[] => [slot.record(handle), slot.user, slot.byExpiry, slot.byActivity];

/** Every record, on a node. Special characters of a pattern count as themselves. */
export const recordPattern = (prefix: string): string => `${prefix.replaceAll(/[\\*?[\]^-]/g, String.raw`\$&`)}{*}:s:*`;

/** The handle of a record's key. */
export const handleOfRecord = (key: string): string => key.slice(key.lastIndexOf('}:s:') + 4);
