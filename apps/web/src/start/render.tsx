import { MantineProvider } from '@mantine/core';
import { StrictMode, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { LanguageProvider } from '../i18n/language-provider.tsx';
import { theme } from '../theme.ts';

const element = document.getElementById('root');
if (!element) throw new Error('index.html has no #root.');
const root = createRoot(element);

/** Replaces what is on the page. */
export function render(content: ReactNode): void {
  root.render(
    <StrictMode>
      <LanguageProvider>
        {/* The content security policy blocks <style> elements, so the CSS variables are in a style sheet that the build generates. */}
        <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
          {content}
        </MantineProvider>
      </LanguageProvider>
    </StrictMode>,
  );
}
