import type { Plugin, Rollup } from 'vite';

/** In the inline script of index.html. */
const PLACE = '/* early files */ {}';

/** Files that the inline script of index.html preloads as soon as it knows that they will be needed. */
interface EarlyFiles {
  /** The sign-in page of `start/`, which does not need the app. */
  readonly signIn: readonly string[];
  /** The app, with the frame of the signed-in pages and the dashboard. */
  readonly app: readonly string[];
  /** By language: the messages of the first load; English is part of the first script. */
  readonly firstLoad: Readonly<Record<string, readonly string[]>>;
  /** By language: the messages of the signed-in pages. */
  readonly signedIn: Readonly<Record<string, readonly string[]>>;
}

/** Writes their names into the page. Without it, each `import()` would start only when the script before it has run. */
export function earlyFiles(languages: readonly string[]): Plugin {
  return {
    name: 'gatehouse:early-files',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        if (!html.includes(PLACE)) throw new Error(`index.html has no place for the early files: ${PLACE}`);
        return html.replace(PLACE, () => JSON.stringify(filesOf(bundle ?? {}, languages)));
      },
    },
  };
}

function filesOf(bundle: Rollup.OutputBundle, languages: readonly string[]): EarlyFiles {
  const chunks = new Map(Object.values(bundle).flatMap((output) => (output.type === 'chunk' ? [[output.fileName, output] as const] : [])));
  const inFirstLoad = new Set(
    [...chunks.values()].filter(({ isEntry }) => isEntry).flatMap(({ fileName }) => withImports(chunks, fileName)),
  );
  /** The files that are needed for a module, with their style sheets. */
  const filesFor = (module: string): string[] => {
    const all = [...chunks.values()];
    const chunk =
      all.find(({ facadeModuleId }) => facadeModuleId?.endsWith(module)) ??
      all.find(({ moduleIds }) => moduleIds.some((id) => id.endsWith(module)));
    if (!chunk) throw new Error(`No chunk contains ${module}.`);
    return withImports(chunks, chunk.fileName).filter((file) => !inFirstLoad.has(file));
  };
  const messages = (name: string) =>
    Object.fromEntries(languages.map((language) => [language, filesFor(`/src/messages/${language}/${name}.ts`)]));
  return {
    signIn: filesFor('/src/start/sign-in-screen.tsx'),
    app: filesFor('/src/app/start-app.tsx'),
    firstLoad: messages('shell'),
    signedIn: messages('navigation'),
  };
}

function withImports(chunks: ReadonlyMap<string, Rollup.OutputChunk>, file: string): string[] {
  const found = new Set([file]);
  // A set visits what is added while it is iterated.
  for (const each of found) {
    const chunk = chunks.get(each);
    for (const needed of [...(chunk?.imports ?? []), ...(chunk?.viteMetadata?.importedCss ?? [])]) found.add(needed);
  }
  return [...found];
}
