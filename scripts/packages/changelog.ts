/** What a file in `.changeset` says of one change. */
export interface Change {
  readonly bump: 'major' | 'minor' | 'patch';
  /** Markdown. */
  readonly text: string;
}

const SECTIONS = ['Changed', 'Added', 'Deprecated', 'Removed', 'Fixed', 'Security', 'Upgrading'];
const SECTION = new RegExp(`^(${SECTIONS.join('|')}): `);

/** @throws if it is not a changeset */
export function parseChange(file: string, content: string): Change {
  const [, packages, text = ''] = /^---\n([^]*?)\n---\n([^]*)$/.exec(content.replaceAll('\r\n', '\n')) ?? [];
  const bumps = [...(packages ?? '').matchAll(/: (major|minor|patch)$/gm)].map(([, bump]) => bump as Change['bump']);
  const bump = (['major', 'minor', 'patch'] as const).find((one) => bumps.includes(one));
  if (bump === undefined || text.trim() === '') throw new Error(`${file} is not a changeset. Make one with \`pnpm changeset\`.`);
  return { bump, text: text.trim() };
}

interface Release {
  readonly version: string;
  /** `2026-11-27` */
  readonly date: string;
  readonly changes: readonly Change[];
}

/**
 * The changelog with a section for the release, in place of "Unreleased", whose entries it keeps. A change that begins with the name of a part,
 * such as `Removed: `, is listed there; others under Fixed if they are a patch, else under Changed.
 */
export function withRelease(changelog: string, { version, date, changes }: Release): string {
  const [title = '', ...releases] = changelog.split(/^(?=## )/m);
  const unreleased = releases[0]?.startsWith('## Unreleased\n') ? releases.shift() : undefined;
  const parts = new Map<string, string>();
  for (const part of (unreleased ?? '').split(/^(?=### )/m).slice(1)) {
    const [heading = '', ...lines] = part.split('\n');
    parts.set(heading.slice(4), lines.join('\n').trim());
  }
  for (const { bump, text } of changes) {
    const name = SECTION.exec(text)?.[1] ?? (bump === 'patch' ? 'Fixed' : 'Changed');
    const entry = `- ${text.replace(SECTION, '').replaceAll(/\n(?=.)/g, '\n  ')}`;
    const before = parts.get(name);
    parts.set(name, before === undefined ? entry : `${before}\n${entry}`);
  }
  const order = [...parts.keys()].sort((one, other) => rank(one) - rank(other));
  const text = order.map((name) => `### ${name}\n\n${parts.get(name)}\n`).join('\n');
  return `${title.trimEnd()}\n\n${[`## ${version} (${date})\n\n${text}\n`, ...releases].join('').trimEnd()}\n`;
}

/** Parts with another name come last. */
const rank = (name: string): number => (SECTIONS.includes(name) ? SECTIONS.indexOf(name) : SECTIONS.length);
