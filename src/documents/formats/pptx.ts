import { Blocks } from '../blocks.ts'
import type { Found } from '../found.ts'
import type { Part } from '../part.ts'
import { Zip } from '../zip.ts'
import { embeddedIn, noteAttachments } from './attachments.ts'
import { drawingParts } from './drawing.ts'
import { mainPart, relationOf, relationsOf, relationsOfType } from './related.ts'
import { readSmallXml } from './xml.ts'

/** Slides in their order, each a page, with its notes, diagrams, charts and comments. @throws Error for what is no such file */
export function* pptxParts(bytes: Uint8Array, found: Found): Generator<Part> {
  const zip = new Zip(bytes)
  noteAttachments(found, embeddedIn(zip))
  const main = mainPart(zip) ?? 'ppt/presentation.xml'
  const presentation = zip.read(main)
  if (presentation === undefined) throw new Error('no presentation')
  const relations = relationsOf(zip, main)
  const slides: string[] = []
  readSmallXml(presentation, {
    open: (name, attributes) => {
      if (name !== 'sldId') return
      const relation = relationOf(relations, attributes)
      if (relation !== undefined) slides.push(relation.target)
    },
  })
  found.pages = slides.length
  for (const [index, slide] of slides.entries()) {
    const xml = zip.read(slide)
    if (xml === undefined) throw new Error(`no ${slide}`)
    const blocks = new Blocks()
    blocks.page = index + 1
    yield* underTitle([...drawingParts(xml, blocks)])
    const parts = relationsOf(zip, slide)
    for (const more of relationsOfType(parts, 'diagramData', 'chart', 'notesSlide', 'comments', 'comment')) {
      const text = zip.read(more)
      if (text === undefined) continue
      if (more.includes('notesSlide')) blocks.words('Notes: ')
      yield* drawingParts(text, blocks)
    }
  }
}

/** The title of a slide stands above all of it, wherever its shape comes among the others. */
function underTitle(parts: readonly Part[]): readonly Part[] {
  const title = parts.find(({ text, heading }) => heading === text)
  if (title?.heading === undefined) return parts
  const { heading } = title
  return [title, ...parts.filter((part) => part !== title).map((part) => ({ ...part, heading: part.heading ?? heading }))]
}
