const KEY = 'gatehouse-single-keys';

/** Whether shortcuts of single characters are off: speech input types such characters by accident (WCAG 2.2, 2.1.4). */
export function singleKeysAreOff(): boolean {
  try {
    return localStorage.getItem(KEY) === 'off';
  } catch {
    return false;
  }
}

export function switchSingleKeys(on: boolean): void {
  try {
    if (on) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, 'off');
  } catch {
    // Storage is blocked: they stay on.
  }
}
