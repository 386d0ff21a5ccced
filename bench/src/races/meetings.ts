/** Named points where requests wait for each other, so that a race is run on purpose and not by luck. */
export function createMeetings() {
  const meetings = new Map<string, { arrived: number; waiting: { count: number; resolve: () => void }[] }>();

  const at = (name: string) => {
    const meeting = meetings.get(name) ?? { arrived: 0, waiting: [] };
    meetings.set(name, meeting);
    return meeting;
  };

  async function arrive(name: string): Promise<void> {
    const meeting = at(name);
    meeting.arrived += 1;
    for (const { count, resolve } of meeting.waiting) if (meeting.arrived >= count) resolve();
  }

  function until(name: string, count = 1): Promise<void> {
    const meeting = at(name);
    return meeting.arrived >= count ? Promise.resolve() : new Promise((resolve) => void meeting.waiting.push({ count, resolve }));
  }

  return {
    arrive,
    /** Until `count` have arrived. */
    until,
    /** Arrives, and goes on once `count` have. */
    async meet(name: string, count: number): Promise<void> {
      await arrive(name);
      await until(name, count);
    },
  };
}
