/** The place of a session in a user's list, which is in the order of last activity and, where that is equal, of handles. */
export interface ListPosition {
  /** Epoch milliseconds. */
  readonly lastActivityAtMs: number;
  readonly handle: string;
}

/** The end of the year 9999: the last that every database can compare with. */
const MAX_MS = 253_402_300_799_999;

/** Before all. */
export const LIST_BEGIN: ListPosition = { lastActivityAtMs: MAX_MS, handle: '~' };

/** Says after which session the next page begins. It names a session by its handle and tells no more than the list does. */
export const listCursor = ({ lastActivityAtMs, handle }: ListPosition): string => `${lastActivityAtMs}.${handle}`;

/** undefined: it is not one that `listCursor` made. Whether that session is still there makes no difference. */
export function readListCursor(text: string): ListPosition | undefined {
  const [, ms = '', handle = ''] = /^(\d{1,15})\.([!-~]{1,64})$/.exec(text) ?? [];
  const lastActivityAtMs = Number(ms);
  return handle === '' || lastActivityAtMs > MAX_MS ? undefined : { lastActivityAtMs, handle };
}

/** @throws TypeError */
export function requireListPosition(cursor: string): ListPosition {
  const position = readListCursor(cursor);
  if (!position) throw new TypeError('This is not a cursor of a list of sessions. Give `next` of the page before as `after`.');
  return position;
}
