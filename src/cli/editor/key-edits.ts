import {
  deleteBackward, deleteForward, deleteToLineEnd, deleteToLineStart, deleteWordBackward, deleteWordForward, insert, left, right, toLineEnd, toLineStart, wordLeft, wordRight, type Edit,
} from './edit-buffer.ts'

/** Keys that change the line, or the place in it, as shells have them. */
export const keyEdits: Readonly<Record<string, Edit>> = {
  left, 'ctrl-b': left,
  right, 'ctrl-f': right,
  home: toLineStart, 'ctrl-a': toLineStart,
  end: toLineEnd, 'ctrl-e': toLineEnd,
  'ctrl-left': wordLeft, 'alt-left': wordLeft, 'alt-b': wordLeft,
  'ctrl-right': wordRight, 'alt-right': wordRight, 'alt-f': wordRight,
  backspace: deleteBackward, 'ctrl-h': deleteBackward,
  delete: deleteForward,
  'ctrl-w': deleteWordBackward, 'alt-backspace': deleteWordBackward, 'ctrl-backspace': deleteWordBackward,
  'alt-d': deleteWordForward, 'alt-delete': deleteWordForward, 'ctrl-delete': deleteWordForward,
  'ctrl-u': deleteToLineStart,
  'ctrl-k': deleteToLineEnd,
  'alt-return': insert('\n'), 'alt-enter': insert('\n'), enter: insert('\n'), 'ctrl-j': insert('\n'),
}
