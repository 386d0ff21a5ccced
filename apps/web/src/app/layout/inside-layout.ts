import { createContext } from 'react';

/**
 * Whether a layout with header, footer and `<main>` already surrounds the component. An error page that replaces a page within the layout
 * must not render them again.
 */
export const InsideLayout = createContext(false);
