import type { Plugin, Rollup } from 'vite';

/** In the inline script of index.html. */
const PLACE = '/* early files */ {}';

/** Files that the inline script of index.html preloads as soon as it knows that they will be needed. */
interface EarlyFiles {
  /** The app, and the frame of the signed-in pages. */
  readonly app: readonly string[];
  /** The page `/`. */
  readonly home: readonly string[];
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
  /** The files of the chunk with a module, and what it imports. */
  const filesFor = (module: RegExp): string[] => {
    const chunk = [...chunks.values()].find(({ moduleIds }) => moduleIds.some((id) => module.test(id)));
    if (!chunk) throw new Error(`No chunk contains ${String(module)}.`);
    return withImports(chunks, chunk.fileName).filter((file) => !inFirstLoad.has(file));
  };
  const messages = (name: string) =>
    Object.fromEntries(languages.map((language) => [language, filesFor(new RegExp(`/messages/${language}/${name}`))]));
  const app = [...new Set([...filesFor(/\/app\/start-app\.tsx$/), ...filesFor(/\/routes\/_authenticated\.tsx\?tsr-split=component$/)])];
  return {
    app,
    home: filesFor(/\/routes\/_authenticated\/index\.tsx\?tsr-split=component$/).filter((file) => !app.includes(file)),
    firstLoad: messages('shell.ts$'),
    signedIn: messages('navigation.ts$'),
  };
}

function withImports(chunks: ReadonlyMap<string, Rollup.OutputChunk>, file: string): string[] {
  const found = new Set([file]);
  // A set visits what is added while it is iterated.
  for (const each of found) for (const imported of chunks.get(each)?.imports ?? []) found.add(imported);
  return [...found];
}
