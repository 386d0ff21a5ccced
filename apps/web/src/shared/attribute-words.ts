/** `costCenter`, `cost_center` → `Cost center`. */
export function attributeLabel(name: string): string {
  const words = name
    .replaceAll(/(?<=[\p{Ll}\d])(?=\p{Lu})/gu, ' ')
    .replaceAll(/[_\-\s]+/g, ' ')
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1).replaceAll(/(?<= )\p{Lu}(?=\p{Ll})/gu, (letter) => letter.toLowerCase());
}

/** A JSON value as text. */
export function attributeText(value: unknown): string {
  if (value === null || value === '') return '–';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(attributeText).join(', ');
  return JSON.stringify(value);
}
