import { expect, test } from 'vitest'
import { office, rels, zipOf } from './made-files.ts'
import { textIn } from './parse-document.ts'

/** What a sheet shows of a number in a cell of this format. */
async function shown(format: string, value: number): Promise<string> {
  const code = format.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
  const bytes = zipOf({
    ...office('xl/workbook.xml'), 'xl/workbook.xml': '<workbook><sheets><sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>', 'xl/_rels/workbook.xml.rels': rels(['a', 'worksheet', 'worksheets/sheet1.xml'], ['c', 'styles', 'styles.xml']),
    'xl/styles.xml': `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="${code}"/></numFmts><cellXfs><xf/><xf numFmtId="170"/></cellXfs></styleSheet>`,
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c><c r="B1" t="inlineStr"><is><t>sum</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>oil</t></is></c><c r="B2" s="1"><v>${value}</v></c></row></sheetData></worksheet>`,
  })
  return /sum: (.*)/.exec(await textIn('a.xlsx', bytes))?.[1] ?? ''
}

test.each([
  ['_($* #,##0.00_);_($* (#,##0.00);_($* "-"??_);_(@_)', '$0', '$12.5', '-$12.5'],
  ['_-"$"* #,##0.00_-;-"$"* #,##0.00_-;_-"$"* "-"??_-;_-@_-', '$0', '$12.5', '-$12.5'],
  ['_-* #,##0.00\\ "€"_-;\\-* #,##0.00\\ "€"_-;_-* "-"??\\ "€"_-;_-@_-', '0 €', '12.5 €', '-12.5 €'],
  ['_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)', '0', '12.5', '-12.5'],
  ['#,##0 "kg";-#,##0 "kg";"none"??', 'none', '12.5 kg', '-12.5 kg'],
])('nothing is no less than nothing where a format writes a dash for it: %s [documents:load]', async (format, ofNothing, above, below) => {
  expect([await shown(format, 0), await shown(format, 12.5), await shown(format, -12.5)]).toEqual([ofNothing, above, below])
})
