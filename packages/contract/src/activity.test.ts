import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { activityKindSchema } from './activity.ts';

test('docs/audit.md has a row for each activity kind', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/audit.md'), 'utf8');
  const [, table = ''] = text.split('| kind | when | written |');
  const kinds = [...(table.split('\n\n', 1)[0] ?? '').matchAll(/^\| (`[a-z_]+`[^|]*) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([a-z_]+)`/g)].map(([, kind = '']) => kind),
  );
  expect(kinds.toSorted()).toEqual(activityKindSchema.options.toSorted());
});
