/** Round robin: the cursor over those that are eligible now, as Sōzu does it. */
export function roundRobin(cursor: number, count: number): number {
  return cursor % count;
}
