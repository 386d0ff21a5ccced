/** The shape of a translation: the same keys as the English messages. tests/messages.test.ts also compares the placeholders. */
export type Translation<Source> = { readonly [Key in keyof Source]: Source[Key] extends string ? string : Translation<Source[Key]> };
