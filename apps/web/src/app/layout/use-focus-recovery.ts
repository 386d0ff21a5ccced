import { useEffect } from 'react';

const FOCUSABLE = 'a[href], button:not([disabled]), input:not([disabled]):not([type="hidden"]), select:not([disabled])';

/**
 * When the focused element is removed, such as the button of a deleted list item, the browser moves the focus to `<body>`: the keyboard
 * starts at the top again, and screen readers say nothing. This hook moves the focus to the next list item, else to the heading of the
 * surrounding section, else to the heading of the page (WCAG 2.2, 2.4.3).
 */
export function useFocusRecovery(): void {
  useEffect(() => {
    let focused: Element | null = document.activeElement;
    /** The focus is lost, but the new page has no heading yet. */
    let isLost = false;

    const onFocus = ({ target }: FocusEvent) => {
      focused = target instanceof Element ? target : null;
      isLost = false;
    };
    // The user moved the focus, or React hides a page that is about to be replaced. Removing an element also fires `focusout` while it is
    // still connected, hence the microtask.
    const onBlur = ({ target }: FocusEvent) =>
      queueMicrotask(() => {
        if (!(target instanceof Element) || !target.isConnected || focused !== target) return;
        if (target.checkVisibility()) focused = null;
        else isLost = true;
      });

    const observer = new MutationObserver((records) => {
      if (document.activeElement !== document.body) return;
      const record = focused && records.find(({ removedNodes }) => [...removedNodes].some((node) => node.contains(focused)));
      if (!record && !isLost) return;
      const candidates = [record && successorOf(record), ...document.querySelectorAll<HTMLElement>('h1[tabindex]')];
      // Several, because a page that is about to be replaced is still there but hidden, and hidden elements cannot be focused.
      for (const candidate of candidates) if (document.activeElement === document.body) candidate?.focus({ preventScroll: true });
      isLost = document.activeElement === document.body;
    });

    document.addEventListener('focusin', onFocus);
    document.addEventListener('focusout', onBlur);
    // React reveals a page that waited for its code by its style.
    observer.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['style', 'hidden'] });
    return () => {
      document.removeEventListener('focusin', onFocus);
      document.removeEventListener('focusout', onBlur);
      observer.disconnect();
    };
  }, []);
}

/** The element that gets the focus after this removal. */
function successorOf({ removedNodes, target, nextSibling, previousSibling }: MutationRecord): HTMLElement | undefined {
  const wasItem = [...removedNodes].some((node) => node instanceof Element && node.matches('li, tr'));
  const neighbours = wasItem ? [nextSibling, previousSibling].flatMap((node) => (node instanceof Element ? [node] : [])) : [];
  const found = neighbours.map((item) => item.querySelector<HTMLElement>(FOCUSABLE)).find((element) => element !== null);
  const section = target instanceof Element ? target.closest('section[aria-labelledby]') : null;
  return found ?? section?.querySelector<HTMLElement>('h2[tabindex]') ?? undefined;
}
