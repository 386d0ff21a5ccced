/** Puts every message in brackets: text without brackets on a page is not translated. Works on ICU text and on messages compiled by the build. */
export function pseudoMessages(messages: unknown): unknown {
  if (typeof messages === 'string') return `⟦${messages}⟧`;
  // A compiled message.
  if (Array.isArray(messages)) return ['⟦', ...(messages as unknown[]), '⟧'];
  return Object.fromEntries(Object.entries(messages as object).map(([key, value]) => [key, pseudoMessages(value)]));
}
