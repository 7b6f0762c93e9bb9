/** A part of what a message says. A picture, by reference, will be a part of another type. */
export type ContentPart = TextPart

export interface TextPart {
  readonly type: 'text'
  readonly text: string
}
