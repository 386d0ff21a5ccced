import type { UserAttributes } from '@gatehouse/contract';
import { Fact } from './facts.tsx';
import { attributeLabel, formatAttribute } from './attribute-format.ts';

/** The custom fields of a user, for any fields that the app declares. */
export function AttributeFacts({ attributes }: { attributes: UserAttributes }) {
  return Object.entries(attributes).map(([name, value]) => (
    <Fact key={name} name={attributeLabel(name)}>
      {formatAttribute(value)}
    </Fact>
  ));
}
