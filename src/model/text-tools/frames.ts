import { matchAt } from './match-at.ts'

/** Text around a call that has no meaning of its own: fences, tags, the tokens of chat templates, separators. */
const around = [
  /\s|[,;]|```\w{0,20}|<\/s>|\[\/?TOOL_CALLS\]/,
  /<\/?\|?\/?(?:\w{1,12}:)?(?:tool_calls?|function_calls?|function|tools?|python_tag|im_end|eot_id|eom_id)\|?>/,
  /<\/?｜(?:DSML｜(?:function_calls|tool_calls)|tool▁calls?▁(?:begin|end)|tool▁outputs?▁(?:begin|end))｜?>/,
  /<\|tool_calls?(?:_(?:section_)?|:)(?:begin|end|start)\|>/,
  /<\|(?:action_start|action_end|plugin|START_ACTION|END_ACTION|tools_prefix|tools_suffix|python_start|python_end)\|>/,
  /<\/?(?:TOOLCALL|tool_use|longcat_tool_call)>|<(?:start|end)_function_call>|<\/(?:arguments|parameters|input)>/,
]
  .map(({ source }) => source)
  .join('|')

const onlyFrames = new RegExp(`^(?:${around})*(?:\\bfunctools)?$`, 'i')
const endsInFrames = new RegExp(`(?:${around})*(?:\\bfunctools)?$`, 'i')
const frame = new RegExp(around, 'iy')
const restOfLine = new RegExp(`^(?:(?!\\n)(?:${around}))*(?:\\n|$|[{[<])`, 'i')
const tag = /<\/?[^<>\s][^<>\n]{0,62}>/y
/** How many characters before and after a call are looked at. */
export const near = 120

export const isOnlyFrames = (before: string): boolean => onlyFrames.test(before)

/** The text before a place on its line, or since the last call. Undefined if it is long, and so more than a frame around the call. */
export function lineBefore(text: string, from: number, at: number): string | undefined {
  const start = Math.max(from, at - near)
  const before = text.slice(start, at)
  const line = before.lastIndexOf('\n')
  if (line >= 0) return before.slice(line + 1)
  return start === from ? before : undefined
}

/** Up to the frame of the call that follows. */
export function withoutEnd(text: string, from: number, end: number): string {
  const tail = Math.max(from, end - near)
  const length = endsInFrames.exec(text.slice(tail, end))?.[0].length ?? 0
  return text.slice(from, end - length)
}

/** Whether JSON that ends here is followed by nothing on its line, or by what may be another call or a tag. */
export const endsLine = (text: string, at: number): boolean => restOfLine.test(text.slice(at, at + near))

/** Where the frame, or any other tag, ends that stands here. Undefined where none does. */
export const afterFrame = (text: string, at: number): number | undefined => matchAt(frame, text, at)?.end
export const afterTag = (text: string, at: number): number | undefined => matchAt(tag, text, at)?.end
