import { posix } from 'node:path';
import { publishedPackages, repository } from './published.ts';

interface Source {
  /** Of the package, relative to the root. */
  readonly folder: string;
  readonly text: string;
  /** @default the root package.json's */
  readonly repositoryUrl?: string | undefined;
}

/**
 * A README as npm's page of the package shows it. Links that leave the package lead nowhere there: those to a published package become links to
 * its page, others lead to the repository, or are plain text while it has no address.
 */
export function packedReadme({ folder, text, repositoryUrl = repository }: Source): string {
  let hasPlain = false;
  const changed = text.replaceAll(
    /\[((?:[^\]`]|`[^`]*`)*)\]\((\.\.\/[^)\s#]*)(#[^)\s]*)?\)/g,
    (_link, label: string, path: string, anchor = '') => {
      const target = posix.join(folder, path);
      const other = publishedPackages.find((one) => target === `${one.folder}/README.md`);
      if (other) return `[${label}](https://www.npmjs.com/package/${other.name}${anchor})`;
      if (repositoryUrl !== undefined) return `[${label}](${repositoryUrl}/blob/HEAD/${target}${anchor})`;
      hasPlain = true;
      return label;
    },
  );
  return hasPlain ? `${changed.trimEnd()}\n\nFiles named here that are not in the package are in the repository of Gatehouse.\n` : changed;
}
