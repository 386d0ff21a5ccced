/**
 * A text for a `where`: Prisma drops a condition that is undefined, so that `deleteMany({ where: { id: undefined } })`
 * deletes every row, and takes an object for an operator. The types forbid both, but not to a caller without types.
 * https://www.prisma.io/docs/orm/prisma-client/special-fields-and-types/null-and-undefined
 */
export function whereText(value: string): string {
  if (typeof value !== 'string' || value === '')
    throw new TypeError(`A query needs a text here, not ${value === '' ? 'an empty one' : typeof value}.`);
  return value;
}
