import { expect, test } from 'vitest';
import { parseUserAgent } from './device.ts';

test.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0',
    ['computer', 'Edge', 'Windows'],
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', ['computer', 'Firefox', 'Linux']],
  [
    'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36',
    ['phone', 'Chrome', 'Android'],
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
    ['phone', 'Safari', 'iPhone'],
  ],
  [
    'Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1',
    ['tablet', 'Safari', 'iPad'],
  ],
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/130.0.0.0 Safari/537.36',
    ['computer', 'Chrome', 'Linux'],
  ],
  ['gatehouse-cli (linux)', ['program', 'gatehouse', undefined]],
  ['curl/8.10.1', ['program', 'curl', undefined]],
  ['node', ['program', 'node', undefined]],
  ['<img src=x onerror=alert(1)>', ['unknown', undefined, undefined]],
  ['', ['unknown', undefined, undefined]],
  [null, ['unknown', undefined, undefined]],
])('%s', (userAgent, expected) => {
  const { kind, program, system } = parseUserAgent(userAgent);
  expect([kind, program, system]).toEqual(expected);
});
