import { useEffect, useRef, type ReactNode } from 'react';

let previousPath: string | undefined;

/**
 * The h1. It gets the focus after a navigation, so that screen readers announce the new page and Tab continues at its top. Not on the first
 * page after loading, which the browser announces itself.
 */
export function PageHeading({ moveFocus = true, children }: { moveFocus?: boolean; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const path = window.location.pathname;
    if (moveFocus && previousPath !== undefined && previousPath !== path) heading.current?.focus();
    previousPath = path;
  }, [moveFocus]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}
