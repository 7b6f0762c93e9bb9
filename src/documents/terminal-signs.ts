/** Colours, movements of the cursor and addresses of links, as programs write them for terminals; letters that a printer strikes twice (`N\bN`, `_\bN`). */
const signs = /\u001b\[[0-?]{0,40}[ -/]{0,4}[@-~]|\u001b\][^\u0007\u001b\n]{0,2000}(?:\u0007|\u001b\\)|[^\n]\u0008/gu

/** A text as a terminal shows it: such signs would be parts of its words. */
export const withoutTerminalSigns = (text: string): string => (/[\u001b\u0008]/.test(text) ? text.replaceAll(signs, '') : text)
