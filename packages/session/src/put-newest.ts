/** Puts an entry behind all others of a map that is in the order of use. Beyond `max` entries, the oldest is dropped. */
export function putNewest<Key, Value>(map: Map<Key, Value>, key: Key, value: Value, max: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > max) for (const oldest of map.keys()) return void map.delete(oldest);
}
