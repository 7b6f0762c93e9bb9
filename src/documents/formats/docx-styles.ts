import { attribute, readSmallXml } from './xml.ts'

/** Level of each paragraph style that makes headings: by its English name, which Word keeps in every language, or by its outline level. */
export function headingStyles(xml: Uint8Array | undefined): ReadonlyMap<string, number> {
  const levels = new Map<string, number>()
  let id = ''
  if (xml === undefined) return levels
  readSmallXml(xml, {
    open: (name, attributes) => {
      if (name === 'style') id = attribute(attributes, 'styleId') ?? ''
      const value = attribute(attributes, 'val') ?? ''
      if (name === 'name') {
        const level = /^heading ([1-9])$/i.exec(value)?.[1]
        if (level !== undefined) levels.set(id, Number(level))
        else if (/^title$/i.test(value)) levels.set(id, 1)
      } else if (name === 'outlineLvl' && !levels.has(id) && Number(value) < 9) levels.set(id, Number(value) + 1)
    },
  })
  return levels
}
