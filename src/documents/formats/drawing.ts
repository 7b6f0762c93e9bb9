import type { Blocks } from '../blocks.ts'
import type { Part } from '../part.ts'
import { officeFormulas } from './formulas.ts'
import { SlideNumbers } from './slide-numbers.ts'
import { TwoForms } from './two-forms.ts'
import { attribute, xmlParts } from './xml.ts'

/** Paragraphs and tables of Office's drawings: slides, notes, diagrams, charts, text boxes of sheets. */
export function* drawingParts(xml: Uint8Array, into: Blocks, { figures = true }: { readonly figures?: boolean } = {}): Generator<Part> {
  let texts = 0
  const isText = (name: string): boolean => name === 't' || name === 'text' || (figures && name === 'v')
  let placeholder: string | undefined
  /** How deep in the older form of what was said in a newer one. */
  let older = 0
  const forms = new TwoForms()
  const numbers = new SlideNumbers()
  const formulas = officeFormulas(into)
  let isRaised = false
  yield* xmlParts(xml, {
    open: (name, attributes) => {
      if (older > 0 ? name === 'Fallback' : forms.isSaid(name)) older += 1
      if (older > 0) return
      forms.open(name, attributes)
      numbers.open(name, attributes)
      formulas.open(name, attributes)
      if (name === 'sp') placeholder = undefined
      else if (name === 'ph') placeholder = attribute(attributes, 'type') ?? ''
      else if (name === 'cNvPr' || name === 'docPr') {
        const description = attribute(attributes, 'descr')?.trim()
        if (description) into.words(`[${description}]`)
        forms.say(description ?? '')
        into.end()
      } else if (isText(name)) {
        texts += 1
        if (isRaised) into.raised(true)
      } else if (name === 'r') isRaised = false
      else if (name === 'rPr') isRaised = Number(attribute(attributes, 'baseline') ?? 0) > 0
      else if (name === 'br') into.words(' ')
      else if (name === 'tbl') into.table()
      else if (name === 'tr') into.row()
      else if (name === 'tc') {
        const goesOn = isOn(attribute(attributes, 'vMerge')) && !isOn(attribute(attributes, 'hMerge'))
        into.cell(1, goesOn ? 0 : Number(attribute(attributes, 'rowSpan') ?? 1) > 1 ? Infinity : 1)
      }
      else if (name === 'txBody' && isTitle(placeholder)) into.title(1)
    },
    text: (text) => {
      // The number of a slide is no text of it.
      if (older > 0 || texts === 0 || placeholder === 'sldNum') return
      const words = text.replaceAll(/_x00[01][0-9a-f]_/gi, ' ')
      forms.say(words)
      into.words(numbers.before(words) + words)
    },
    close: (name) => {
      if (older > 0) {
        if (name === 'Fallback') older -= 1
        return
      }
      forms.close(name)
      formulas.close(name)
      if (isText(name)) {
        texts -= 1
        if (isRaised) into.raised(false)
      }
      if (name === 'r') isRaised = false
      if (name === 'p' || name === 'pt' || name === 'text') {
        // A title of two paragraphs is one title.
        if (isTitle(placeholder)) into.words(' ')
        else into.end()
      } else if (name === 'tc') into.endCell()
      else if (name === 'tr') into.endRow()
      else if (name === 'txBody' && isTitle(placeholder)) into.endTitle()
      else if (name === 'sp') placeholder = undefined
    },
  }, into)
}

const isTitle = (placeholder: string | undefined): boolean => placeholder === 'title' || placeholder === 'ctrTitle'
const isOn = (value: string | undefined): boolean => value === '1' || value === 'true'
