/** Most specific first: Edge and Opera also contain Chrome, and Chrome contains Safari. */
const PROGRAMS: ReadonlyArray<readonly [pattern: RegExp, name: string]> = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Headless)?(?:Chrome|CriOS)\//, 'Chrome'],
  [/\bVersion\/.*Safari\//, 'Safari'],
  [/^gatehouse/i, 'Gatehouse command line'],
  [/^curl\//, 'curl'],
];

/** Most specific first: Android also contains Linux, and iPad contains Mac OS X. */
const SYSTEMS: ReadonlyArray<readonly [pattern: RegExp, name: string]> = [
  [/\bWindows\b/, 'Windows'],
  [/\bAndroid\b/, 'Android'],
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

const nameIn = (text: string, table: typeof PROGRAMS) => table.find(([pattern]) => pattern.test(text))?.[1];

/** For example "Firefox on Windows"; undefined without a user agent. */
export function describeUserAgent(userAgent: string | null): string | undefined {
  if (!userAgent) return undefined;
  const program = nameIn(userAgent, PROGRAMS) ?? 'Unknown program';
  const system = nameIn(userAgent, SYSTEMS);
  return system ? `${program} on ${system}` : program;
}
