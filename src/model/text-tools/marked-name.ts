/** The name of a tool in a model's marks, as part of a pattern. */
export const markedName = '(?<name>[\\w.-]{1,64})'
