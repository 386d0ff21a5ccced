import { convertCssVariables, defaultCssVariablesResolver, deepMerge, mergeMantineTheme, DEFAULT_THEME } from '@mantine/core';
import type { Plugin } from 'vite';
import { cssVariables, theme } from '../src/app/theme.ts';

const NAME = 'virtual:mantine-variables.css';
const ID = `\0${NAME}`;

/**
 * The theme's CSS variables as a style sheet. MantineProvider would put them into a `<style>` element, which the
 * content security policy refuses; here they are made from the same theme when the app is built.
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
