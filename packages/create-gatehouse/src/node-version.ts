/** The first version that runs TypeScript files without a flag, which the scripts of a created app do. */
export const LEAST_NODE = '22.18.0';

/** What is wrong with this version of Node, and what to do; undefined: nothing. */
export function problemOfNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = LEAST_NODE.split('.').map(Number);
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return undefined;
  return `create-gatehouse needs Node ${leastMajor}.${leastMinor} or newer, and this is Node ${version}. Install a newer one: https://nodejs.org`;
}
