import { expect, test } from 'vitest';
import { listCursor, readListCursor } from './list-cursor.ts';
import { newHandle } from './session-id.ts';

test('a cursor is parsed to the position it was created from', () => {
  const position = { lastActivityAtMs: 1_764_177_600_123, handle: newHandle() };
  expect(readListCursor(listCursor(position))).toEqual(position);
});

test.each(['', 'x', '.', '1.', '.ses_1', '-1.ses_1', '1e3.ses_1', '1.ses 1', '1.ses_1\n', '999999999999999.ses_1', `1.${'h'.repeat(65)}`])(
  '%j is not a cursor',
  (text) => {
    expect(readListCursor(text)).toBeUndefined();
  },
);
