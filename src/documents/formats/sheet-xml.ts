import { Blocks } from '../blocks.ts'
import type { Part } from '../part.ts'
import { attribute, xmlParts } from './xml.ts'

/** No sheet of that form has more columns. */
const mostColumns = 256

/** Sheets of Excel 2003 that are one file of XML, which many programs write and call `.xls`: a row a line, under the name of its sheet. */
export function* sheetXmlParts(bytes: Uint8Array): Generator<Part> {
  const blocks = new Blocks()
  let inData = false
  let column = 0
  yield* xmlParts(bytes, {
    open: (name, attributes) => {
      if (name === 'Worksheet') blocks.enter(1, attribute(attributes, 'Name') ?? '')
      else if (name === 'Table') blocks.table()
      else if (name === 'Row') {
        blocks.row()
        column = 0
      } else if (name === 'Cell') {
        // Columns without a cell.
        for (const index = Math.min(mostColumns, Number(attribute(attributes, 'Index') ?? column + 1)); column + 1 < index; column += 1) blocks.endCell()
        const across = Number(attribute(attributes, 'MergeAcross') ?? 0)
        blocks.cell(across + 1, Number(attribute(attributes, 'MergeDown') ?? 0) + 1)
        column += across + 1
      } else if (name === 'Data') inData = true
    },
    text: (text) => {
      if (inData) blocks.words(text)
    },
    close: (name) => {
      if (name === 'Data') inData = false
      else if (name === 'Cell') blocks.endCell()
      else if (name === 'Row') blocks.endRow()
    },
  }, blocks)
}
