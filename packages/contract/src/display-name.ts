import { FIELD_MESSAGES } from './field-messages.ts';

/*
 * The characters allowed in a display name. Names appear in lists, mails and logs but are not used to sign in (user names and e-mail addresses
 * are ASCII). Invisible characters make different names look the same and can hide text: UTS #39, 3.1; UTS #55; "ASCII smuggling" with tag
 * characters.
 */

/** Line breaks and bidirectional marks: they can rearrange the text around a name (UTS #55). */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/**
 * Zero-width spaces and joiners, tags, fillers, variation selectors and soft hyphens. The rest is invisible without having the property: the
 * blank Braille pattern, annotation characters, the null notehead and the Khitan filler.
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\u2800\ufff9-\uffff]|\u{1d159}|\u{16fe4}/u;

/** Emoji sequences that Unicode recommends, including flags made of tags and families made of joiners (UTS #51). */
const EMOJI = /\p{RGI_Emoji}/gv;

/** Scripts whose spelling needs joiners within words, such as Persian and Malayalam (RFC 5892, A.1 and A.2). */
const JOINING =
  '[\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Mongolian}\\p{Script=Devanagari}\\p{Script=Bengali}\\p{Script=Gurmukhi}\\p{Script=Gujarati}' +
  '\\p{Script=Oriya}\\p{Script=Tamil}\\p{Script=Telugu}\\p{Script=Kannada}\\p{Script=Malayalam}\\p{Script=Sinhala}\\p{Script=Khmer}\\p{Script=Myanmar}' +
  '\\p{Script=Tibetan}]';
/** One joiner between letters or marks of these scripts. ZWJ may also end a word after a mark: the Malayalam chillu before Unicode 5.1. */
const SPELLED_JOINER = new RegExp(`(?<=${JOINING})(?:[\\u200c\\u200d](?=${JOINING})|(?<=\\p{M})\\u200d(?![\\u200c\\u200d]))`, 'gu');

/** Variation selectors with a purpose: Han variants in Japanese names, Mongolian forms, and text presentation of an emoji. */
const VARIANT =
  /(?<=\p{Script=Han})[\u{e0100}-\u{e01ef}]|(?<=\p{Script=Mongolian})[\u180b-\u180d\u180f]|(?<=\p{Extended_Pictographic})\ufe0e/gu;

/** A combining mark without a base character: at the beginning or after a space. */
const LONE_MARK = /(?:^|[\p{Z}])\p{M}/u;

/** Why the text is not allowed as a display name, as a message for the user; undefined if it is allowed. Does not check length or outer spaces. */
export function displayNameProblem(name: string): string | undefined {
  if (!name.isWellFormed() || CONTROLS.test(name)) return FIELD_MESSAGES.NAME_CONTROL_CHARACTERS;
  const letters = name.replaceAll(EMOJI, 'x').replaceAll(SPELLED_JOINER, '').replaceAll(VARIANT, '');
  if (!/[^\p{Default_Ignorable_Code_Point}\p{Z}\p{M}\u2800]/u.test(letters)) return FIELD_MESSAGES.NAME_INVISIBLE;
  if (INVISIBLE.test(letters)) return FIELD_MESSAGES.NAME_INVISIBLE_CHARACTERS;
  if (LONE_MARK.test(letters)) return FIELD_MESSAGES.NAME_LONE_MARK;
  return undefined;
}
