import { randomInt } from 'node:crypto';

/** No 0 O 1 l i o: it is read from one screen and typed into another. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 6;
const GROUP_LENGTH = 4;

/** Six groups of four, `k7mq-…`: 24 × log2(31) = 118 bits (ASVS 6.4.1; NIST asks for 112). */
export const generatePassword = (): string =>
  Array.from({ length: GROUPS }, () => Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')).join('-');
