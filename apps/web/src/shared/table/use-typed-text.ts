import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';

/** Typing pauses for this long before the text applies. */
const TYPING_PAUSE_MS = 300;

interface TypedText {
  /** What the field shows. */
  readonly text: string;
  readonly type: (text: string) => void;
  /** Applies now: for Enter. */
  readonly apply: () => void;
}

/** A text from the URL that is typed: it applies when typing pauses, without spaces around it. */
export function useTypedText({ value, onApply }: { readonly value: string; readonly onApply: (text: string) => void }): TypedText {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  /** Applied, but not in the URL yet. Meanwhile more may be typed, which must stay. */
  const [pending, setPending] = useState<readonly string[]>([]);
  if (value !== known) {
    setKnown(value);
    const own = pending.indexOf(value);
    setPending(pending.slice(own < 0 ? pending.length : own + 1));
    // The URL changed elsewhere: Back, or a link.
    if (own < 0) setText(value);
  }
  const applyText = (typed: string) => {
    const trimmed = typed.trim();
    if (trimmed === (pending.at(-1) ?? value)) return;
    setPending([...pending, trimmed]);
    onApply(trimmed);
  };
  const applyLater = useDebouncedCallback(applyText, TYPING_PAUSE_MS);
  return {
    text,
    type(typed) {
      setText(typed);
      applyLater(typed);
    },
    apply() {
      applyLater.cancel();
      applyText(text);
    },
  };
}
