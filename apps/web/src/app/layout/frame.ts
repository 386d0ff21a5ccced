import { createContext } from 'react';

/**
 * There is a frame around already: header, footer and the page's one `<main>`. A message that takes the place of a page inside of it,
 * because its code or its guard failed, brings no second one.
 */
export const Framed = createContext(false);
