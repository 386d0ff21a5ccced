/** A query string as the address bar has it: text, and a list where a name comes more than once. */
export type SearchParams = Record<string, string | string[]>;

/**
 * The router's default reads values as JSON and writes them back as JSON, which turns `?code=007` and `?tag=a&tag=b`
 * into something else; a path someone comes back to after signing in must be the one they left.
 */
export function parseSearch(search: string): SearchParams {
  const params: SearchParams = Object.create(null) as SearchParams;
  for (const [name, value] of new URLSearchParams(search)) {
    const earlier = params[name];
    params[name] = earlier === undefined ? value : [earlier, value].flat();
  }
  return params;
}

export function stringifySearch(params: Record<string, string | string[] | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const one of [value].flat()) if (one !== undefined) query.append(name, one);
  }
  return query.size > 0 ? `?${query}` : '';
}
