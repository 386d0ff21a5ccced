/** Messages at fields. The English ones are those of the contract, because tests and other clients know them. */
export { FIELD_MESSAGES as fields } from '@gatehouse/contract';
