/**
 * Whether the key is one of an input method, by which letters are chosen that no key has: it ends no word, and sends nothing. Safari tells of the
 * Enter that chooses them after it has closed the method, and by this number alone.
 */
export const isComposing = ({ isComposing, keyCode }: { readonly isComposing: boolean; readonly keyCode: number }): boolean => isComposing || keyCode === 229
