import { createRequire } from 'node:module';
import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'vite';

/** Not the files that only collect others, and not the English messages of fields, which the contract has and which have no arguments. */
const MESSAGES = /\/src\/messages\/(?!en\/fields)[a-z-]+\/(?!(?:first-load|signed-in|administration)\.)[a-z-]+\.ts$/i;

/** The compiler that belongs to use-intl's formatter, so that both agree on the compiled form. */
const fromUseIntl = createRequire(createRequire(import.meta.url).resolve('use-intl'));
const compile = (fromUseIntl('icu-minify/compile') as { default: (message: string) => unknown }).default;

/**
 * Compiles the ICU messages when the app is built, so that browsers need no parser (13 kB). The alias exchanges use-intl's formatter, which
 * parses, for the one that formats compiled messages. Unit tests run without both, and parse.
 */
export function compiledMessages(): Plugin {
  return {
    name: 'gatehouse:compiled-messages',
    enforce: 'pre',
    config: () => ({ resolve: { alias: [{ find: /^use-intl\/format-message$/, replacement: 'use-intl/format-message/format-only' }] } }),
    async load(id) {
      const file = id.split('?', 1)[0] ?? id;
      if (!MESSAGES.test(file)) return undefined;
      // The time of the change, because Node caches modules by URL.
      const url = pathToFileURL(file);
      url.searchParams.set('changed', String(statSync(file).mtimeMs));
      const messages = (await import(url.href)) as Record<string, unknown>;
      return Object.entries(messages)
        .map(([name, value]) => `export const ${name} = ${JSON.stringify(compileAll(value))};`)
        .join('\n');
    },
  };
}

/** Compiles every string of an object. */
export function compileAll(messages: unknown): unknown {
  if (typeof messages === 'string') return compile(messages);
  return Object.fromEntries(Object.entries(messages as object).map(([key, value]) => [key, compileAll(value)]));
}
