/** Query parameters as strings; a list if a name occurs more than once. */
export type SearchParams = Record<string, string | string[]>;

/**
 * The router's default parser treats values as JSON, which changes `?code=007` and `?tag=a&tag=b`. The path after sign-in must be the
 * same as before.
 */
export function parseSearch(search: string): SearchParams {
  const params: SearchParams = Object.create(null) as SearchParams;
  for (const [name, value] of new URLSearchParams(search)) {
    const previous = params[name];
    params[name] = previous === undefined ? value : [previous, value].flat();
  }
  return params;
}

export function stringifySearch(params: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const one of [value].flat()) if (isScalar(one)) query.append(name, String(one));
  }
  return query.size > 0 ? `?${query}` : '';
}

const isScalar = (value: unknown): value is string | number | boolean => ['string', 'number', 'boolean'].includes(typeof value);
