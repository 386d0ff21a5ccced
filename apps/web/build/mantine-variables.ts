import { convertCssVariables, defaultCssVariablesResolver, deepMerge, mergeMantineTheme, DEFAULT_THEME } from '@mantine/core';
import type { Plugin } from 'vite';
import { cssVariables, theme } from '../src/theme.ts';

const NAME = 'virtual:mantine-variables.css';
const ID = `\0${NAME}`;

/**
 * The CSS variables of the theme as a style sheet, generated at build time. MantineProvider would add them in a
 * `<style>` element, which the content security policy blocks.
 */
export function mantineVariables(): Plugin {
  return {
    name: 'gatehouse:mantine-variables',
    resolveId: (source) => (source === NAME ? ID : undefined),
    load(id) {
      if (id !== ID) return undefined;
      const full = mergeMantineTheme(DEFAULT_THEME, theme);
      return convertCssVariables(deepMerge(defaultCssVariablesResolver(full), cssVariables(full)));
    },
  };
}
