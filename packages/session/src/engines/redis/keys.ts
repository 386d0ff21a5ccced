import { shardTagOf } from '../../session-id.ts';

/**
 * The keys of one hash slot (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags): one
 * anonymous session, or all data of one user. All keys are passed to scripts, so that they run on a cluster. Keys
 * contain the slot's tag instead of the user id; `user` stores whose slot it is, and sessions of other users are never
 * stored in it.
 */
export interface Slot {
  /** A hash: see record.ts. Without a handle, a key that never exists. */
  record(handle?: string): string;
  /** A hash with the state of the user: see slot-lua.ts. */
  readonly user: string;
  /** Handles of the user's sessions, by expiry. */
  readonly byExpiry: string;
  /** Handles of the user's sessions, by last activity. */
  readonly byActivity: string;
  /** The user of an ended session, until replicas acknowledge the end. */
  ended(handle: string): string;
  /** Exists if adoption is refused for this user. */
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

/** Clients can send any handle. An empty tag, or one with a closing brace, would spread the keys over several slots. */
export const slotOf = (prefix: string, handle: string): Slot => slotOfTag(prefix, shardTagOf(handle).replaceAll(/[^\w-]/g, '_') || '_');

/** The KEYS of most scripts. */
export const slotKeys = (slot: Slot, handle?: string): string[] => [slot.record(handle), slot.user, slot.byExpiry, slot.byActivity];

/** Pattern that matches every record on a node. Special characters are escaped. */
export const recordPattern = (prefix: string): string => `${prefix.replaceAll(/[\\*?[\]^-]/g, String.raw`\$&`)}{*}:s:*`;

/** The handle in the key of a record. */
export const handleOfRecord = (key: string): string => key.slice(key.lastIndexOf('}:s:') + 4);
