/** Vectors of texts after a prefix and of the same texts without one can't be compared: so they are of another name. */
export const embeddingSpaceName = (model: string, passagePrefix: string | undefined): string => (passagePrefix === undefined ? model : `${model} after "${passagePrefix}"`)

/** What such a name was made of. */
export function embeddingSpaceOfName(name: string): { readonly model: string; readonly passagePrefix: string | undefined } {
  const [, model = name, passagePrefix] = /^(.*) after "(.*)"$/s.exec(name) ?? []
  return { model, passagePrefix }
}
