import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { passwordFromStdin } from './password-stdin.ts';

const pipe = (...parts: (string | Buffer)[]) =>
  Readable.from(
    parts.map((part) => Buffer.from(part)),
    { objectMode: false },
  );

test.each([
  ['four good words', 'four good words'],
  ['four good words\n', 'four good words'],
  ['four good words\r\n', 'four good words'],
  ['  spaces count  ', '  spaces count  '],
  ['\uFEFFso does a mark', '\uFEFFso does a mark'],
  ['東京'.repeat(170), '東京'.repeat(170)],
])('%j: only the line ending is not part of the password', async (text, password) => {
  expect(await passwordFromStdin(pipe(text))).toBe(password);
});

test('a character that arrives in two chunks is decoded as one', async () => {
  const bytes = Buffer.from('東京');
  expect(await passwordFromStdin(pipe(bytes.subarray(0, 2), bytes.subarray(2)))).toBe('東京');
});

test.each<[string, Buffer | string, RegExp]>([
  ['nothing', '', /no password on stdin/],
  ['an empty line', '\n', /no password on stdin/],
  ['two lines', 'one\ntwo', /more than one line/],
  ['bytes that are not text', Buffer.from([0xff, 0xfe, 0x31]), /not valid UTF-8/],
  ['a megabyte', 'x'.repeat(1_000_000), /at most 1024 bytes/],
])('%s is refused', async (_, text, message) => {
  await expect(passwordFromStdin(pipe(text))).rejects.toThrow(message);
});

test('a terminal is refused, because it would show what is typed', async () => {
  await expect(passwordFromStdin(Object.assign(pipe('x'), { isTTY: true }))).rejects.toThrow(/stdin is a terminal/);
});
