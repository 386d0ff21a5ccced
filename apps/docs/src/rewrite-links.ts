import { posix } from 'node:path';

export interface PagePaths {
  /** Of the page, relative to the root of the repository: `docs/engines.md`. */
  readonly file: string;
  /** File → page of the site: `docs/engines.md` → `guide/engines.md`. */
  readonly pages: ReadonlyMap<string, string>;
  /** The title of a file that is a page. */
  readonly titleOf: (file: string) => string;
}

const LINK = /(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)/g;

/**
 * The text with its links changed from files to pages of the site. A link to a file that is not a page becomes text that names the file.
 * Code blocks stay as they are.
 */
export function rewriteLinks(text: string, { file, pages, titleOf }: PagePaths): string {
  const rewritten = (line: string): string =>
    line.replaceAll(LINK, (whole, image: string, label: string, href: string) => {
      if (/^(?:[a-z]+:|#|\/)/.test(href)) return whole;
      const [path = '', anchor] = href.split('#');
      const target = posix.normalize(posix.join(posix.dirname(file), path));
      if (image) return `![${label}](/${imagePath(target)})`;
      const source = pages.has(target) ? target : `${target}/README.md`;
      const page = pages.get(source);
      // In the repository a link is often named after its file.
      const text = /^`?[\w./-]+\.md`?$/.test(label) ? titleOf(source) : label;
      if (page !== undefined) return `[${text}](/${page}${anchor === undefined ? '' : `#${anchor}`})`;
      return label.includes(target) ? label : `${label} (\`${target}\`)`;
    });
  return outsideCode(text, rewritten);
}

/** Where an image of the repository is on the site. */
export const imagePath = (file: string): string => file.replace(/^apps\/docs\/public\//, '').replace(/^docs\//, '');

/** Applies a function to the paragraphs of a text, and leaves fenced and indented code alone. */
export function outsideCode(text: string, change: (paragraphs: string) => string): string {
  // A link may be broken over two lines, so the text is changed in pieces and not line by line.
  return text
    .split(/(^ *(?:```|~~~)[^]*?^ *(?:```|~~~)[^\n]*$)/m)
    .map((piece) => (/^ *(?:```|~~~)/.test(piece) ? piece : change(piece)))
    .join('');
}
