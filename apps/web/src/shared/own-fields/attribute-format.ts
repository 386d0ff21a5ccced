/** `costCenter`, `cost_center` → `Cost center`. */
export function attributeLabel(name: string): string {
  const label = name
    .replaceAll(/(?<=[\p{Ll}\d])(?=\p{Lu})/gu, ' ')
    .replaceAll(/[_\-\s]+/g, ' ')
    .trim();
  return label.charAt(0).toUpperCase() + label.slice(1).replaceAll(/(?<= )\p{Lu}(?=\p{Ll})/gu, (letter) => letter.toLowerCase());
}

/** Formats a JSON value for display. `yes` and `no`: in the language of the page. */
export function formatAttribute(value: unknown, words: { readonly yes: string; readonly no: string }): string {
  if (value === null || value === '') return '–';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map((item) => formatAttribute(item, words)).join(', ');
  return JSON.stringify(value);
}
