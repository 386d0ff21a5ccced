import { useEffect, useRef, type ReactNode } from 'react';

let shownPath: string | undefined;

/**
 * The h1. When a navigation shows it, it takes the focus: a screen reader then reads where one is, and Tab goes on
 * from the top of the page. Not on the first page of a visit, where the browser has said it already.
 */
export function PageHeading({ takesFocus = true, children }: { takesFocus?: boolean; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const path = window.location.pathname;
    if (takesFocus && shownPath !== undefined && shownPath !== path) heading.current?.focus();
    shownPath = path;
  }, [takesFocus]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}
