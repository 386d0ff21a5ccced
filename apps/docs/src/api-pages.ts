import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The file that TypeDoc writes for an entry point → the page and the name of the module. */
const MODULES = [
  { file: 'server/src.md', page: 'api/server.md', name: '@gatehouse/server' },
  { file: 'session/src.md', page: 'api/session.md', name: '@gatehouse/session' },
  { file: 'client/src.md', page: 'api/client.md', name: '@gatehouse/client' },
  { file: 'client/src/node.md', page: 'api/client-node.md', name: '@gatehouse/client/node' },
  { file: 'client/src/react.md', page: 'api/client-react.md', name: '@gatehouse/client/react' },
] as const;

/** The pages of the API reference, from what TypeDoc has written into this folder. */
export function apiPages(folder: string): ReadonlyMap<string, string> {
  const pages = new Map<string, string>(
    MODULES.filter(({ file }) => existsSync(join(folder, file))).map(({ file, page, name }) => [
      page,
      pageText(readFileSync(join(folder, file), 'utf8'), { file, name }),
    ]),
  );
  return new Map([['api/index.md', indexPage()], ...pages]);
}

function pageText(text: string, { file, name }: { file: string; name: string }): string {
  return (
    text
      .replace(/^# .*$/m, `---\noutline: 3\n---\n\n# \`${name}\``)
      .replaceAll(/\]\(([^)#\s]+\.md)(#[^)]*)?\)/g, (_whole, path: string, anchor = '') => {
        const target = join('/', file, '..', path).slice(1);
        const page = MODULES.find((module) => module.file === target)?.page;
        return page === undefined ? ']()' : `](/${page}${anchor})`;
      })
      // Options that are taken apart where they are declared.
      .replaceAll('__namedParameters', 'options')
      // What a class has from Error.
      .replaceAll(/^#### Constructors\n(?:(?!^#### )[^])*?(?=^#### |^\*\*\*|^## |(?![^]))/gm, (part) =>
        part.includes('`Error.constructor`') ? '' : part,
      )
      .replaceAll(/`TRPCClient`\\<`BuiltRouter`.*?(?= \|)/g, '`TRPCClient`\\<`AppRouter`\\>')
      .replaceAll(/BuiltRouter<\{\s*\}, DecorateCreateRouterOptions<\{[^]*?(?=;?\n```)/g, 'AppRouter')
  );
}

const indexPage = (): string => `# API reference

Generated from the comments of the code, for everything that these modules export by name.

| module | for |
|---|---|
${MODULES.map(({ page, name }) => `| [\`${name}\`](/${page}) | ${PURPOSE[name]} |`).join('\n')}

The settings and the command line have pages of their own: [settings](/reference/settings.md), [commands](/reference/cli.md).
`;

const PURPOSE = {
  '@gatehouse/server': '`createGatehouse`, guards and procedures for an Express app',
  '@gatehouse/session': 'sessions alone: the middleware, engines, the store for express-session',
  '@gatehouse/client': 'the typed client, and what its errors mean',
  '@gatehouse/client/node': 'a client with a cookie jar, for Node programs',
  '@gatehouse/client/react': 'hooks and the provider for React',
} as const;
