import type { Plugin } from 'vite';

/** Packages that every page needs as a whole, and that import nothing but each other. */
const LIBRARIES = /\/node_modules\/(?:react|react-dom|scheduler|clsx|use-intl|@formatjs\/fast-memoize|klona|fast-deep-equal)\//;

/**
 * What the sign-in page and the app have in common. If e2e/first-load.e2e.test.ts finds more bytes, one of them may import a module that is in
 * the other's file, and then belongs here. Not main.tsx, which imports it: main.tsx waits for the sign-in page or the app, and they
 * would wait for main.tsx.
 */
const COMMON = [
  // The styles that all others may override, so they must come first.
  /\/src\/app\/(?:mantine-styles\.ts|global\.css)$|\/@fontsource-variable\/|mantine-variables\.css$/,
  /\/src\/start\/(?!sign-in-screen)/,
  /\/packages\/contract\/src\/(?:next-path|wire)\.ts$/,
  /\/src\/i18n\/(?:language-store|use-formats)\.ts$/,
  /\/src\/shared\/(?:action-button|base-path|brand-mark|form-fields|home-anchor|notify|page-heading|request-id|skip-link|use-is-mounted)\.tsx?$/,
  /\/src\/features\/preferences\/preferences\.tsx$/,
  /\/@mantine\/core\/esm\/(?:core|components\/(?:ActionIcon|CloseButton))\//,
  /\/@mantine\/hooks\/esm\/(?:use-document-title|use-id|use-merged-ref)\//,
];

/** Of the sign-in page and of other pages with a form. */
const FORM =
  /\/src\/shared\/(?:form-failure\.tsx|password-field\.tsx|use-server-form\.ts)|\/@mantine\/core\/esm\/components\/(?:Checkbox|TextInput)\//;

/** The app with all its routes, the frame of the signed-in pages, and the dashboard. Other pages are files of their own. */
const APP = /\/src\/(?:app\/start-app\.tsx|routes\/[^?]+$)/;

/**
 * Few files for the first load: a group has the modules that match, and what they import unless a group before has it. Without them, each
 * module that two pages share is a file of its own, HTTP/1.1 loads six at a time, and small files do not compress well.
 */
export function firstLoadFiles(): Plugin {
  return {
    name: 'gatehouse:first-load-files',
    apply: 'build',
    outputOptions: (options) => ({
      ...options,
      codeSplitting: {
        groups: [
          { name: 'libraries', test: LIBRARIES, priority: 4 },
          { name: 'common', test: (id) => COMMON.some((pattern) => pattern.test(id)), priority: 3 },
          { name: 'form', test: FORM, priority: 2 },
          { name: 'app', test: APP, priority: 1 },
        ],
      },
    }),
  };
}
