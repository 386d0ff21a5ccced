import { useEffect } from 'react';

const FOCUSABLE = 'a[href], button:not([disabled]), input:not([disabled]):not([type="hidden"]), select:not([disabled])';

/**
 * When what has the focus leaves the page, as a button does whose work is done, the browser drops the focus to nowhere: the keyboard
 * starts again at the top, and a screen reader says nothing. Here it goes to the next item of the list, else to the heading of the part
 * of the page that it was in, else to the page's own (WCAG 2.2, 2.4.3).
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let focused: Element | null = document.activeElement;
    /** The page that is to come has no heading yet. */
    let isLost = false;

    const onFocus = ({ target }: FocusEvent) => {
      focused = target instanceof Element ? target : null;
      isLost = false;
    };
    // A person has gone elsewhere. Of what was removed this is told as well, while it is still in the page.
    const onBlur = ({ target }: FocusEvent) =>
      queueMicrotask(() => {
        if (target instanceof Element && target.isConnected && focused === target) focused = null;
      });

    const observer = new MutationObserver((records) => {
      if (document.activeElement !== document.body) return;
      const record = focused && records.find(({ removedNodes }) => [...removedNodes].some((node) => node.contains(focused)));
      if (!record && !isLost) return;
      const heirs = [record && heirOf(record), ...document.querySelectorAll<HTMLElement>('h1[tabindex]')];
      // A page that is about to be replaced is there and hidden: what cannot be seen takes no focus.
      for (const heir of heirs) if (document.activeElement === document.body) heir?.focus({ preventScroll: true });
      isLost = document.activeElement === document.body;
    });

    document.addEventListener('focusin', onFocus);
    document.addEventListener('focusout', onBlur);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener('focusin', onFocus);
      document.removeEventListener('focusout', onBlur);
      observer.disconnect();
    };
  }, []);
}

/** Who has the focus after what was removed there. */
function heirOf({ removedNodes, target, nextSibling, previousSibling }: MutationRecord): HTMLElement | undefined {
  const wasItem = [...removedNodes].some((node) => node instanceof Element && node.matches('li, tr'));
  const neighbours = wasItem ? [nextSibling, previousSibling].flatMap((node) => (node instanceof Element ? [node] : [])) : [];
  const found = neighbours.map((item) => item.querySelector<HTMLElement>(FOCUSABLE)).find((element) => element !== null);
  const part = target instanceof Element ? target.closest('section[aria-labelledby]') : null;
  return found ?? part?.querySelector<HTMLElement>('h2[tabindex]') ?? undefined;
}
