import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/**
 * What is wrong with the links of a built site; empty: nothing. VitePress finds links to missing pages; this finds missing anchors, images
 * and scripts too. Addresses of other sites are not opened; they must be https and well-formed.
 *
 * @param base the path where the site is served, `/docs/`.
 */
export function checkSite(folder: string, base: string): readonly string[] {
  const pages = new Map(globSync('**/*.html', { cwd: folder }).map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
  const idsOf = new Map([...pages].map(([file, html]) => [file, new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id))]));

  function problemOf(file: string, target: string): string | undefined {
    if (/^(?:mailto:|data:)/.test(target)) return undefined;
    if (/^[a-z]+:/.test(target)) return isGoodAddress(target) ? undefined : 'is not an https address';
    const [path = '', anchor = ''] = target.split('#');
    const absolute = path === '' ? base + file : posix.resolve(base, posix.dirname(file), path) + (path.endsWith('/') ? '/' : '');
    if (!`${absolute}/`.startsWith(base)) return `is outside of ${base}`;
    const found = fileOf(absolute.slice(base.length));
    if (found === undefined) return 'does not exist';
    if (anchor !== '' && idsOf.get(found)?.has(decodeURIComponent(anchor)) !== true) return 'has no such anchor';
    return undefined;
  }

  const fileOf = (path: string): string | undefined =>
    [path, `${path}.html`, posix.join(path, 'index.html')].find(
      (file) => pages.has(file) || (/\.\w+$/.test(file) && existsSync(join(folder, file))),
    );

  return [...pages].flatMap(([file, html]) => {
    const targets = [...withoutCode(html).matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, target = '']) => target.replaceAll('&amp;', '&'));
    return [...new Set(targets)].flatMap((target) => {
      const problem = problemOf(file, target);
      return problem === undefined ? [] : [`${file}: ${target} ${problem}`];
    });
  });
}

/** A program on a page may contain HTML. */
const withoutCode = (html: string): string => html.replaceAll(/<pre[^]*?<\/pre>/g, '').replaceAll(/<script[^>]*>[^]*?<\/script>/g, '');

/** Pages name addresses of this machine as examples. */
const isGoodAddress = (address: string): boolean => {
  const url = URL.parse(address);
  return url !== null && (url.protocol === 'https:' || ['localhost', '127.0.0.1'].includes(url.hostname));
};
