import { createTheme, defaultVariantColorsResolver, type CSSVariablesResolver, type VariantColorsResolver } from '@mantine/core';

const text = "'Atkinson Hyperlegible Next Variable', system-ui, sans-serif";

/** The text colour on the primary colour depends on the colour scheme; Mantine's `autoContrast` considers only the light one. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input);
  const primary = !input.color || input.color === input.theme.primaryColor;
  return input.variant === 'filled' && primary ? { ...colors, color: 'var(--mantine-primary-color-contrast)' } : colors;
};

/** The build imports this file as well, so it must not import CSS or use the DOM. */
export const theme = createTheme({
  fontFamily: text,
  headings: {
    fontFamily: text,
    fontWeight: '650',
    textWrap: 'balance',
    sizes: { h1: { fontSize: '1.875rem', lineHeight: '1.2' }, h2: { fontSize: '1.1875rem', lineHeight: '1.35' } },
  },
  primaryColor: 'pine',
  primaryShade: { light: 7, dark: 4 },
  // Generates --mantine-primary-color-contrast for each colour scheme.
  autoContrast: true,
  variantColorResolver,
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  black: '#1e2420',
  colors: {
    pine: ['#eef5f1', '#dceae3', '#b9d5c8', '#93bfac', '#74ac93', '#4c8f76', '#35775f', '#265f4b', '#1b4a3a', '#12352a'],
    brass: ['#fbf5e6', '#f5e8c8', '#ecd39a', '#e3bd69', '#d9a941', '#b98a2f', '#936c22', '#715319', '#523c12', '#38290b'],
    dark: ['#dfe5e1', '#bcc6c0', '#9ca8a1', '#66726b', '#3a443f', '#2a322e', '#1e2521', '#151a17', '#0f1311', '#0a0d0b'],
  },
});

/** Surface colours, and text colours whose Mantine defaults have a contrast below 4.5:1 on them. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f8f6f1',
    '--mantine-color-dimmed': '#5a625c',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-default-border': '#cfc9bc',
    '--gatehouse-card': '#ffffff',
    '--gatehouse-line': '#e4dfd4',
    '--gatehouse-hover': '#f8f6f1',
    '--gatehouse-field-line': '#857f72',
    '--gatehouse-track': '#e9e4da',
    '--gatehouse-brass': '#8a651c',
    '--gatehouse-error-surface': '#fdf0ee',
    '--gatehouse-notice-surface': '#fbf5e6',
  },
  dark: {
    '--mantine-color-pine-filled-hover': 'var(--mantine-color-pine-3)',
    // Mantine's is darker than the cards.
    '--mantine-color-pine-light': '#24352e',
    '--mantine-color-dimmed': '#9ca8a1',
    '--mantine-color-error': '#ff9a8f',
    '--mantine-color-default-border': '#465049',
    '--gatehouse-card': '#1c221f',
    '--gatehouse-line': '#2d3531',
    '--gatehouse-hover': '#232a26',
    '--gatehouse-field-line': '#7b867f',
    '--gatehouse-track': '#0d110f',
    '--gatehouse-brass': '#e3bd69',
    '--gatehouse-error-surface': '#3a1d1a',
    '--gatehouse-notice-surface': '#2e2715',
  },
});
