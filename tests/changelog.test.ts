import { expect, test } from 'vitest';
import { parseChange, withRelease } from '../scripts/packages/changelog.ts';

const release = { version: '0.2.0', date: '2026-12-01' };

test('a release takes the place of "Unreleased", keeps its entries and adds those of the changesets', () => {
  const before =
    '# Changelog\n\n## Unreleased\n\n### Added\n\n- One thing.\n\n### Upgrading\n\nDo this.\n\n## 0.1.0 (2026-11-27)\n\n- First.\n';
  const changes = [
    { bump: 'minor', text: 'Added: another thing.\n\nMore of it.' },
    { bump: 'patch', text: 'A fault.' },
    { bump: 'minor', text: 'A change.' },
  ] as const;
  expect(withRelease(before, { ...release, changes })).toBe(`# Changelog

## 0.2.0 (2026-12-01)

### Changed

- A change.

### Added

- One thing.
- another thing.

  More of it.

### Fixed

- A fault.

### Upgrading

Do this.

## 0.1.0 (2026-11-27)

- First.
`);
});

test('without "Unreleased", the release comes first', () => {
  const before = '# Changelog\n\n## 0.1.0 (2026-11-27)\n\n- First.\n';
  const after = withRelease(before, { ...release, changes: [{ bump: 'patch', text: 'A fault.' }] });
  expect(after).toBe('# Changelog\n\n## 0.2.0 (2026-12-01)\n\n### Fixed\n\n- A fault.\n\n## 0.1.0 (2026-11-27)\n\n- First.\n');
});

test('the highest bump of a changeset counts, and what is none is refused', () => {
  const content = '---\n"@gatehouse/prisma": patch\n"@gatehouse/session": minor\n---\n\nSessions do more.\n';
  expect(parseChange('a.md', content)).toEqual({ bump: 'minor', text: 'Sessions do more.' });
  expect(() => parseChange('a.md', 'Some text')).toThrow('a.md is not a changeset. Make one with `pnpm changeset`.');
});
