/** Named points where requests wait for each other, so that a race happens every time and not by chance. */
export function createBarriers() {
  const barriers = new Map<string, { arrived: number; waiting: { count: number; resolve: () => void }[] }>();

  const at = (name: string) => {
    const barrier = barriers.get(name) ?? { arrived: 0, waiting: [] };
    barriers.set(name, barrier);
    return barrier;
  };

  async function arrive(name: string): Promise<void> {
    const barrier = at(name);
    barrier.arrived += 1;
    for (const { count, resolve } of barrier.waiting) if (barrier.arrived >= count) resolve();
  }

  function until(name: string, count = 1): Promise<void> {
    const barrier = at(name);
    return barrier.arrived >= count ? Promise.resolve() : new Promise((resolve) => void barrier.waiting.push({ count, resolve }));
  }

  return {
    arrive,
    /** Waits until `count` requests have arrived. */
    until,
    /** Arrives, then waits until `count` requests have arrived. */
    async meet(name: string, count: number): Promise<void> {
      await arrive(name);
      await until(name, count);
    },
  };
}
