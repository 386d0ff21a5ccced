import { expect, test } from 'vitest';
import { profileInputSchema } from './profile.ts';

const accepts = (name: string): boolean => profileInputSchema.safeParse({ name }).success;

test.each(['Zoë O’Neil-東京', '👩‍💻 dev', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', 'مرحبا', 'שלום', 'जयंत', '<b>=1+1</b>'])('%s is accepted', (name) => {
  expect(accepts(name)).toBe(true);
});

test.each(['a\nb', 'a\u0000b', 'a\u0085b', 'a\u2028b', '\u202eevil\u202c', '\u2066x', '\u200fx', 'x\ud800'])(
  'security 35: %j could rearrange surrounding text and is refused',
  (name) => {
    expect(accepts(name)).toBe(false);
  },
);

test.each(['', ' ', '\u200b', '\u00ad', '\u3164', '\u200d\ufe0f', 'x'.repeat(101)])('%j is refused: invisible or too long', (name) => {
  expect(accepts(name)).toBe(false);
});

const problem = (name: string): string | undefined => profileInputSchema.safeParse({ name }).error?.issues[0]?.message;

test.each([
  ['zero-width space', 'a\u200bb'],
  ['zero-width joiner between Latin letters', 'ad\u200da'],
  ['zero-width non-joiner between Latin letters', 'ad\u200ca'],
  ['word joiner', 'a\u2060b'],
  ['byte order mark', 'ada\ufeffx'],
  ['soft hyphen', 'a\u00adb'],
  ['combining grapheme joiner', 'a\u034fb'],
  ['Hangul filler', 'a\u3164b'],
  ['half-width Hangul filler', 'a\uffa0b'],
  ['Hangul choseong filler', 'a\u115fb'],
  ['Khmer inherent vowel', 'a\u17b4b'],
  ['Mongolian vowel separator', 'a\u180eb'],
  ['invisible times', 'a\u2062b'],
  ['deprecated format character', 'a\u206bb'],
  ['tag characters', 'Ada\u{e0049}\u{e0067}\u{e006e}'],
  ['tag characters that form no flag', '🏴\u{e0075}\u{e0073}\u{e007f}'],
  ['variation selector after a letter', 'a\ufe0fb'],
  ['variation selector after a variation selector', '❤\ufe0f\ufe0f'],
  ['supplementary variation selector after a Latin letter', 'a\u{e0100}'],
  ['bytes smuggled as variation selectors', '😀\u{e0100}\u{e0101}'],
  ['blank Braille pattern', 'a\u2800b'],
  ['annotation', 'a\ufff9b'],
  ['null notehead', 'a\u{1d159}b'],
  ['joiner at the end of a Persian word', 'علی\u200c'],
  ['two joiners in a Persian word', 'می\u200c\u200cخواهم'],
  ['joiner at the beginning', '\u200cعلی'],
  ['joiner between a Persian and a Latin letter', 'ی\u200ca'],
  ['joiner between emoji that form no sequence', '🍎\u200d🍎'],
])('security 49: a name cannot contain a %s', (_, name) => {
  expect(problem(name)).toContain('cannot contain invisible characters');
});

test.each(['\u0301', '\u0301a', 'a \u0301b', '\u20dd Ada', '\ufe0f'])('security 49: %j has a combining mark without a letter', (name) => {
  expect(problem(name)).toMatch(/mark without a letter|visible character/);
});

test.each([
  ['Persian', 'علی\u200cرضا'],
  ['Hindi', 'क्\u200dष'],
  ['Marathi with a non-joiner', 'श्\u200cरीमती'],
  ['Bengali', 'র\u200d্যাম'],
  ['Malayalam, an older chillu at the end of a word', 'മോഹന്\u200d നായര്\u200d'],
  ['Sinhala', 'ශ්\u200dරී'],
  ['Vietnamese, decomposed', 'Nguye\u0302\u0303n'],
  ['Hebrew with points', 'שָׁלוֹם'],
  ['Thai', 'สมชาย'],
  ['Korean', '김철수'],
  ['Japanese with a variant of a letter', '葛\u{e0100}城'],
  ['Mongolian', 'ᠮᠣᠩᠭᠣᠯ'],
  ['family', '👨‍👩‍👧‍👦 Smith'],
  ['heart', 'I ❤️ tea'],
  ['text heart', 'I ❤\ufe0e tea'],
  ['keycap', 'Team 1️⃣'],
  ['skin tone', '👋🏽'],
  ['flag of Scotland', '🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
  ['rainbow flag', '🏳️‍🌈'],
])('allowed in a name: %s', (_, name) => {
  expect(problem(name)).toBeUndefined();
});
