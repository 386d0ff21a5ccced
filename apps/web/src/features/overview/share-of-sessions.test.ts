import { expect, test } from 'vitest';
import { sharesOf } from './share-of-sessions.ts';

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0';
const FIREFOX_LINUX = 'Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0';

test('sessions of several versions and systems are one browser', () => {
  const browsers = {
    counts: [
      { userAgent: FIREFOX, sessions: 3 },
      { userAgent: null, sessions: 4 },
      { userAgent: FIREFOX_LINUX, sessions: 2 },
    ],
    sampled: 9,
  };
  expect(sharesOf(browsers, 'program')).toEqual([
    { name: 'Firefox', sessions: 5 },
    { name: null, sessions: 4 },
  ]);
  expect(sharesOf(browsers, 'system').map(({ name }) => name)).toEqual([null, 'Windows', 'Linux']);
});

test('rare programs are counted together', () => {
  const counts = Array.from({ length: 8 }, (_, index) => ({ userAgent: `program${index}/1.0`, sessions: 8 - index }));
  const shares = sharesOf({ counts, sampled: 36 }, 'program');
  expect(shares).toHaveLength(6);
  expect(shares.at(-1)).toEqual({ name: { isOther: true }, sessions: 6 });
});
