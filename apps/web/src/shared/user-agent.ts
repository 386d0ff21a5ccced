/** Most specific first: Edge and Opera also say Chrome, and Chrome says Safari. */
const PROGRAMS: ReadonlyArray<readonly [pattern: RegExp, name: string]> = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Headless)?(?:Chrome|CriOS)\//, 'Chrome'],
  [/\bVersion\/.*Safari\//, 'Safari'],
  [/^gatehouse/i, 'Gatehouse command line'],
  [/^curl\//, 'curl'],
];

/** Android says Linux, iPads say Mac OS X. */
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

/** "Firefox on Windows": enough to recognise one's own devices, or not. */
export function describeUserAgent(userAgent: string | null): string | undefined {
  if (!userAgent) return undefined;
  const program = nameIn(userAgent, PROGRAMS) ?? 'Another program';
  const system = nameIn(userAgent, SYSTEMS);
  return system ? `${program} on ${system}` : program;
}
