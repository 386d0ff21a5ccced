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
])('%j: the end of the line is not part of the password, everything else is', async (text, password) => {
  expect(await passwordFromStdin(pipe(text))).toBe(password);
});

test('a character that arrives in two parts is one character', async () => {
  const bytes = Buffer.from('東京');
  expect(await passwordFromStdin(pipe(bytes.subarray(0, 2), bytes.subarray(2)))).toBe('東京');
});

test.each<[string, Buffer | string, RegExp]>([
  ['nothing', '', /No password came in/],
  ['an empty line', '\n', /No password came in/],
  ['two lines', 'one\ntwo', /More than one line/],
  ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x31]), /not UTF-8/],
  ['a megabyte', 'x'.repeat(1_000_000), /at most 1024 bytes/],
])('%s is refused', async (_, text, message) => {
  await expect(passwordFromStdin(pipe(text))).rejects.toThrow(message);
});

test('a terminal, which would show what is typed, is refused', async () => {
  await expect(passwordFromStdin(Object.assign(pipe('x'), { isTTY: true }))).rejects.toThrow(/reads a pipe/);
});
