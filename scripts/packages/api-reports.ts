import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel, type IConfigFile } from '@microsoft/api-extractor';
import { entryPointsOf, publishedPackages, root, typesOf, type EntryPoint, type PublishedPackage } from './published.ts';

/** Where the reports are kept. */
export const apiReports = join(root, 'api-reports');

interface Entry extends EntryPoint {
  readonly one: PublishedPackage;
  /** Of the compiled declarations. */
  readonly file: string;
  /** As apps import it: `@gatehouse/session/redis`. */
  readonly specifier: string;
}

const entries: readonly Entry[] = publishedPackages.flatMap((one) =>
  entryPointsOf(one).map((entry) => ({
    ...entry,
    one,
    file: join(root, one.folder, typesOf(entry)),
    specifier: one.name + entry.subpath.slice(1),
  })),
);

/** Everything that apps can import, with its types, as built by `buildPackages`: file name → text. */
export function readApi(): ReadonlyMap<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-api-'));
  try {
    // One compilation for all, because each would read the declarations of all dependencies again.
    const [first, ...others] = entries;
    if (!first) throw new Error('No package has an entry point.');
    const compilerState = CompilerState.create(configOf(first, folder), { additionalEntryPoints: others.map(({ file }) => file) });
    for (const entry of entries) {
      const { succeeded } = Extractor.invoke(configOf(entry, folder), {
        localBuild: true,
        compilerState,
        // It reports each new file, and all are new here.
        messageCallback: (message) => void (message.handled = message.logLevel !== ExtractorLogLevel.Error),
      });
      if (!succeeded) throw new Error(`API Extractor cannot read ${entry.specifier}: see above.`);
    }
    return new Map(
      globSync('*.api.md', { cwd: folder })
        .sort()
        .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Names of the kept reports that differ from the API. */
export function outdatedReports(api: ReadonlyMap<string, string>): string[] {
  const kept = globSync('*.api.md', { cwd: apiReports }).map((file) => basename(file));
  const textOf = (name: string): string | undefined =>
    existsSync(join(apiReports, name)) ? readFileSync(join(apiReports, name), 'utf8') : undefined;
  return [...new Set([...api.keys(), ...kept])].filter((name) => textOf(name) !== api.get(name)).sort();
}

export function writeReports(api: ReadonlyMap<string, string>): void {
  mkdirSync(apiReports, { recursive: true });
  for (const name of outdatedReports(api)) {
    const text = api.get(name);
    if (text === undefined) rmSync(join(apiReports, name));
    else writeFileSync(join(apiReports, name), text);
  }
}

function configOf({ one, file, specifier }: Entry, reportFolder: string): ExtractorConfig {
  const configObject: IConfigFile = {
    projectFolder: join(root, one.folder),
    mainEntryPointFilePath: file,
    newlineKind: 'lf',
    compiler: {
      overrideTsconfig: {
        compilerOptions: {
          target: 'es2022',
          module: 'nodenext',
          lib: ['es2023', 'dom', 'dom.iterable'],
          jsx: 'react-jsx',
          strict: true,
          skipLibCheck: true,
          types: ['node'],
          typeRoots: [join(root, 'node_modules/@types')],
          // Within this workspace, a package's name leads to its sources.
          paths: Object.fromEntries(entries.map((entry) => [entry.specifier, [entry.file]])),
        },
        files: entries.map((entry) => entry.file),
      },
    },
    apiReport: {
      enabled: true,
      reportFileName: specifier.replace('@gatehouse/', '').replaceAll('/', '.'),
      reportFolder,
      reportTempFolder: join(reportFolder, 'temp'),
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    // Only the API itself: release tags and the syntax of comments are no part of it, and types that only appear in others' need no export.
    messages: {
      compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
      extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
    },
  };
  return ExtractorConfig.prepare({
    configObject,
    configObjectFullPath: join(root, one.folder, 'api-extractor.json'),
    packageJsonFullPath: join(root, one.folder, 'package.json'),
  });
}
