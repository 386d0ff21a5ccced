/*
 * Which characters a name may have. A name is shown to others, in lists, mails and logs; it signs nobody in (user names and e-mail addresses
 * are ASCII alone). Invisible characters make two names look the same, and hide text in one: UTS #39, 3.1; UTS #55; "ASCII smuggling" by
 * tag characters.
 */

/** Line breaks of any kind, and the marks that turn the reading direction: with them a name rewrites what is shown around it (UTS #55). */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/**
 * Zero-width spaces and joiners, tags, fillers, variation selectors, soft hyphens; and what is as invisible without the property: the blank
 * Braille pattern, annotation characters, the null notehead and the Khitan filler.
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\u2800\ufff9-\uffff]|\u{1d159}|\u{16fe4}/u;

/** Emoji of several characters, flags of tags and families of joiners among them (UTS #51): as the Unicode Consortium lists them, no others. */
const EMOJI = /\p{RGI_Emoji}/gv;

/** Scripts whose spelling needs joiners inside a word, as in Persian and Malayalam (RFC 5892, A.1 and A.2, and the scripts' own rules). */
const JOINING =
  '[\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Mongolian}\\p{Script=Devanagari}\\p{Script=Bengali}\\p{Script=Gurmukhi}\\p{Script=Gujarati}' +
  '\\p{Script=Oriya}\\p{Script=Tamil}\\p{Script=Telugu}\\p{Script=Kannada}\\p{Script=Malayalam}\\p{Script=Sinhala}\\p{Script=Khmer}\\p{Script=Myanmar}' +
  '\\p{Script=Tibetan}]';
/** One joiner between two letters or marks of such scripts; ZWJ also at the end of a word, after a mark: a Malayalam chillu as it was spelled before 2008. */
const SPELLED_JOINER = new RegExp(`(?<=${JOINING})(?:[\\u200c\\u200d](?=${JOINING})|(?<=\\p{M})\\u200d(?![\\u200c\\u200d]))`, 'gu');

/** Variants of a letter: Han in Japanese names, Mongolian forms, and a sign that is shown as text and not as an emoji. */
const VARIANT =
  /(?<=\p{Script=Han})[\u{e0100}-\u{e01ef}]|(?<=\p{Script=Mongolian})[\u180b-\u180d\u180f]|(?<=\p{Extended_Pictographic})\ufe0e/gu;

/** A combining mark with nothing to combine with: at the beginning, or after a space. */
const LONE_MARK = /(?:^|[\p{Z}])\p{M}/u;

/** Why a text is no name to show, in a sentence for whoever entered it; undefined: it is one. Length and spaces around it are not looked at. */
export function displayNameProblem(name: string): string | undefined {
  if (!name.isWellFormed() || CONTROLS.test(name)) return 'A name has no control characters.';
  const letters = name.replaceAll(EMOJI, 'x').replaceAll(SPELLED_JOINER, '').replaceAll(VARIANT, '');
  if (!/[^\p{Default_Ignorable_Code_Point}\p{Z}\p{M}\u2800]/u.test(letters)) return 'A name has a letter that can be seen.';
  if (INVISIBLE.test(letters))
    return 'A name has no invisible characters. They often come with text that was copied: type the name instead of pasting it.';
  if (LONE_MARK.test(letters)) return 'A name has no accent or other combining mark without a letter before it.';
  return undefined;
}
