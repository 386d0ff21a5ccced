import { useState } from 'react';

/**
 * The value of a filter as the user has chosen it. It is in the URL only when the page has changed, and a control that waits for that would
 * seem not to work. Follows the URL when that changes elsewhere: Back, or a link.
 */
export function useShownValue<Value>(value: Value): readonly [Value, (chosen: Value) => void] {
  const [shown, setShown] = useState(value);
  const [known, setKnown] = useState(value);
  if (value === known) return [shown, setShown];
  setKnown(value);
  setShown(value);
  return [value, setShown];
}
