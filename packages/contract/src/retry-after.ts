const UNITS = [
  ['hour', 3600],
  ['minute', 60],
] as const;

/** "in 40 seconds", "in 2 minutes". Rounds up. */
export function formatRetryAfter(seconds: number): string {
  const [unit, size] = UNITS.find(([, length]) => seconds >= length * 2) ?? (['second', 1] as const);
  const count = Math.max(1, Math.ceil(seconds / size));
  return `in ${count} ${unit}${count === 1 ? '' : 's'}`;
}
