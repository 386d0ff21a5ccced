import { randomInt } from 'node:crypto';

/** Without the look-alikes 0 O 1 l i o, because people read it from one screen and type it into another. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 6;
const GROUP_LENGTH = 4;

/** Six groups of four characters, `k7mq-…`: 24 × log2(31) = 118 bits (ASVS 6.4.1; NIST requires 112). */
export const generatePassword = (): string =>
  Array.from({ length: GROUPS }, () => Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')).join('-');
