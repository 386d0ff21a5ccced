/** Position of a session in a user's list, which is ordered by last activity and then by handle. */
export interface ListPosition {
  /** Epoch milliseconds. */
  readonly lastActivityAtMs: number;
  readonly handle: string;
}

/** End of the year 9999, the last instant that every database can compare. */
const MAX_MS = 253_402_300_799_999;

/** Before the first session. */
export const LIST_BEGIN: ListPosition = { lastActivityAtMs: MAX_MS, handle: '~' };

/** Text of a position: the next page begins after this session. It reveals no more than the list does. */
export const listCursor = ({ lastActivityAtMs, handle }: ListPosition): string => `${lastActivityAtMs}.${handle}`;

/** undefined if `listCursor` did not produce the text. The session itself may be gone. */
export function readListCursor(text: string): ListPosition | undefined {
  const [, ms = '', handle = ''] = /^(\d{1,15})\.([!-~]{1,64})$/.exec(text) ?? [];
  const lastActivityAtMs = Number(ms);
  return handle === '' || lastActivityAtMs > MAX_MS ? undefined : { lastActivityAtMs, handle };
}

/** @throws TypeError */
export function requireListPosition(cursor: string): ListPosition {
  const position = readListCursor(cursor);
  if (!position) throw new TypeError('Invalid cursor: pass the `next` of the previous page as `after`.');
  return position;
}
