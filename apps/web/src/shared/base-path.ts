/** The path that the app is served under, such as `/app`; empty for the root of the host. The server writes it into the page. */
export const basePath = document.querySelector<HTMLMetaElement>('meta[name="base-path"]')?.content ?? '';

/** The address of a path of this app or its server, for `href` and `fetch`. The router adds the base path itself. */
export const withBasePath = (path: string): string => basePath + path;

/** The router's path of an address: without the base path, if it has one. */
export function withoutBasePath(path: string): string {
  if (basePath === '' || !path.startsWith(basePath)) return path;
  const rest = path.slice(basePath.length);
  if (rest === '' || /^[?#]/.test(rest)) return `/${rest}`;
  return rest.startsWith('/') ? rest : path;
}
