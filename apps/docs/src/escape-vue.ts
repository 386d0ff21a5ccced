import { outsideCode } from './rewrite-links.ts';

/** The elements that pages may use. SVG's are those of the pictures. */
const ELEMENTS =
  /^<\/?(?:a|b|br|code|details|div|em|figcaption|figure|i|img|kbd|li|ol|p|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|ul|circle|defs|g|line|marker|path|rect|svg|text|tspan)\b/;

/**
 * VitePress compiles a page as a Vue template, where `{{` begins an expression and `<file>` an element. In the pages of this repository
 * both are text.
 */
export function escapeVue(page: string): string {
  return outsideCode(page, (paragraphs) =>
    paragraphs
      .split(/(`+[^`]+`+|<!--[^]*?-->)/)
      .map((piece) => (/^(?:`|<!--)/.test(piece) ? piece : escapeText(piece)))
      .join(''),
  );
}

/** Lines that are indented by four are code. */
const escapeText = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line.startsWith('    ') ? line : escapeLine(line)))
    .join('\n');

const escapeLine = (line: string): string =>
  line
    .replaceAll('{{', '&#123;&#123;')
    .replaceAll(/<\/?[a-z][\w-]*(?![\w:-])/gi, (tag) => (ELEMENTS.test(tag) ? tag : tag.replace('<', '&lt;')));
