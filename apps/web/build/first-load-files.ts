import type { Plugin } from 'vite';

/** Packages that the first load needs as a whole, and that import nothing but each other. */
const LIBRARIES = /\/node_modules\/(?:react|react-dom|scheduler|clsx|use-intl|@formatjs\/fast-memoize|klona|fast-deep-equal)\//;

/** The Mantine components of the sign-in page. Other components become files of the pages that use them. */
const MANTINE =
  /\/node_modules\/@mantine\/(?:hooks|core\/esm\/(?:core|components\/(?:Button|Checkbox|InlineInput|Input|InputBase|Loader|PasswordInput|TextInput|UnstyledButton)))\//;

/**
 * Two files for most of the first load. Without them, each module that a page uses as well is a file of its own, and HTTP/1.1 loads six at
 * a time. No file may import one that imports it: modules would run before what they need.
 */
export function firstLoadFiles(): Plugin {
  return {
    name: 'gatehouse:first-load-files',
    apply: 'build',
    outputOptions: (options) => ({
      ...options,
      codeSplitting: {
        groups: [
          { name: 'libraries', test: LIBRARIES, priority: 2 },
          { name: 'mantine', test: MANTINE, priority: 1 },
        ],
      },
    }),
  };
}
