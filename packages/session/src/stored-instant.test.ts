import { instantSchema } from '@gatehouse/contract';
import { expect, test } from 'vitest';
import { storedInstant } from './stored-instant.ts';

test.for([
  '2026-02-28T00:00:00.000Z',
  '2026-02-29T00:00:00.000Z',
  '2024-02-29T23:59:59.999Z',
  '2026-02-30T00:00:00.000Z',
  '2026-04-31T00:00:00.000Z',
  '2026-12-31T23:59:59.999Z',
  '2026-00-10T00:00:00.000Z',
  '2026-13-10T00:00:00.000Z',
  '2026-10-00T00:00:00.000Z',
  '2026-10-10T24:00:00.000Z',
  '2026-10-10T10:60:00.000Z',
  '2026-10-10T10:10:60.000Z',
  '2026-10-10T10:10:10Z',
  '2026-10-10T10:10:10.123456Z',
  '2026-10-10T10:10:10.000+02:00',
  '2026-10-10',
  '2026-10-10T10:10:10.000Z\n',
  '+012026-10-10T10:10:10.000Z',
  '0000-01-01T00:00:00.000Z',
  'Sat Oct 10 2026 10:10:10 GMT',
  '',
  0,
  null,
  undefined,
  {},
  new Date(0),
  new Date(Number.NaN),
])('%j is read as the schema reads it', (value) => {
  expect(storedInstant(value)).toEqual(instantSchema.safeParse(value).data);
});
