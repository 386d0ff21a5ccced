import type { ReactNode } from 'react';
import { Fact } from './facts.tsx';
import { ExactTime } from './time-display.tsx';

/** A fact about a time: how long ago it was as its value, the exact time as its note. */
export function TimeFact({ name, at, children }: { name: string; at: Date; children: ReactNode }) {
  return (
    <Fact name={name} note={<ExactTime at={at} />}>
      {children}
    </Fact>
  );
}
