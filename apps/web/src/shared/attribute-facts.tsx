import type { UserAttributes } from '@gatehouse/contract';
import { Fact } from './facts.tsx';
import { attributeLabel, attributeText } from './attribute-words.ts';

/** Own fields of a user, whatever an app has declared, below what every account has. */
export function AttributeFacts({ attributes }: { attributes: UserAttributes }) {
  return Object.entries(attributes).map(([name, value]) => (
    <Fact key={name} name={attributeLabel(name)}>
      {attributeText(value)}
    </Fact>
  ));
}
