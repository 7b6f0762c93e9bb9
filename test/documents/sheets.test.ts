import { expect, test } from 'vitest'
import { RichText } from '../../src/documents/formats/rich-text.ts'
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

type Cell = string | number
const letters = 'ABCDEFGH'
/** A sheet of these rows, by their numbers, with what stands behind them in its XML. */
const sheetOf = async (rows: Readonly<Record<number, readonly Cell[]>>, behind = '', strings = ''): Promise<string> => {
  const cell = (value: Cell, place: string): string => (value === '' ? '' : typeof value === 'number' ? `<c r="${place}"><v>${value}</v></c>` : value.startsWith('<') ? `<c r="${place}" t="inlineStr">${value}</c>` : value.startsWith('#') ? `<c r="${place}" t="s"><v>${value.slice(1)}</v></c>` : `<c r="${place}" t="inlineStr"><is><t>${value}</t></is></c>`)
  const data = Object.entries(rows).map(([number, values]) => `<row r="${number}">${values.map((value, column) => cell(value, `${letters[column]}${number}`)).join('')}</row>`)
  return textIn('a.xlsx', zipOf({
    ...office('xl/workbook.xml'), 'xl/workbook.xml': '<workbook><sheets><sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>', 'xl/_rels/workbook.xml.rels': rels(['a', 'worksheet', 'worksheets/sheet1.xml'], ['b', 'sharedStrings', 'sharedStrings.xml']),
    'xl/sharedStrings.xml': `<sst>${strings}</sst>`, 'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${data.join('')}</sheetData>${behind}</worksheet>`,
  }))
}
const merges = (...places: readonly string[]): string => `<mergeCells>${places.map((place) => `<mergeCell ref="${place}"/>`).join('')}</mergeCells>`

test('of a head of two rows, the first of which names groups of columns, each column has both names [documents:load]', async () => {
  expect(await sheetOf({ 1: ['', 2023, '', 2024], 2: ['Region', 'Sales', 'Cost', 'Sales', 'Cost'], 3: ['North', 1, 2, 3, 4] }, merges('B1:C1', 'D1:E1'))).toMatch(/\nRegion: North; 2023 Sales: 1; 2023 Cost: 2; 2024 Sales: 3; 2024 Cost: 4$/)
  expect(await sheetOf({ 1: ['Region', 'Sales'], 2: ['', 2023, 2024], 3: ['North', 1, 2] }, merges('A1:A2', 'B1:C1'))).toBe('Region | Sales\nRegion | 2023 | 2024\nRegion: North; Sales 2023: 1; Sales 2024: 2')
  expect(await sheetOf({ 1: ['Region', 'Sales'], 2: ['North', 1], 3: ['South', 2] }, merges('B1:C1'))).toBe('Region | Sales\nRegion: North; Sales: 1\nRegion: South; Sales: 2')
})

test('a record of words below a name of several columns names none [documents:load]', async () => {
  expect(await sheetOf({ 1: ['Name', 'Languages'], 2: ['Ann', 'Dutch', 'Greek', 'Irish'], 3: ['Bob', 'Czech', 'Welsh', 'Polish'] }, merges('B1:D1'))).toBe('Name | Languages\nName: Ann; Languages: Dutch; column 3: Greek; column 4: Irish\nName: Bob; Languages: Czech; column 3: Welsh; column 4: Polish')
})

test('a cell of several rows is said in each of them beside thousands of several columns [documents:load]', async () => {
  const wide = Array.from({ length: 2_100 }, (_, index) => `D${index + 9}:E${index + 9}`)
  expect(await sheetOf({ 1: ['Group', 'Item'], 2: ['Lamps', 'oil'], 3: ['', 'wick'] }, merges(...wide, 'A2:A3'))).toBe('Group | Item\nGroup: Lamps; Item: oil\nGroup: Lamps; Item: wick')
})

test('a second table below empty rows has names of its own [documents:load]', async () => {
  expect(await sheetOf({ 1: ['Item', 'Day'], 2: ['pump', 'Monday'], 5: ['Ship', 'Tons'], 6: ['Ida', 7] })).toMatch(/\n+Ship \| Tons\nShip: Ida; Tons: 7$/)
  expect(await sheetOf({ 1: ['Item', 'Day'], 2: ['pump', 'Monday'], 5: ['Ship', 'Captain', 'Port'], 6: ['Ida', 'Noor', 'Delft'] })).toMatch(/\n+Ship \| Captain \| Port\nShip: Ida; Captain: Noor; Port: Delft$/)
  expect(await sheetOf({ 1: ['Item', 'Day'], 2: ['pump', 'Monday'], 5: ['rope', 'Friday'], 6: ['lamp', 'Sunday'] })).toMatch(/Item: rope; Day: Friday\nItem: lamp; Day: Sunday$/)
})

test('a record below empty rows is one, with a remark beside the table or a word in place of a figure [documents:load]', async () => {
  expect(await sheetOf({ 1: ['Name', 'City'], 2: ['Ann', 'Oslo'], 4: ['Bob', 'Rome', 'moved in May'], 5: ['Eve', 'Paris'] })).toMatch(/Name: Bob; City: Rome; column 3: moved in May\nName: Eve; City: Paris$/)
  expect(await sheetOf({ 1: ['Name', 'City', 'Age'], 2: ['Ann', 'Oslo', 34], 4: ['Bob', 'Rome', 'unknown'], 5: ['Eve', 'Paris', 41] })).toMatch(/Name: Bob; City: Rome; Age: unknown\nName: Eve; City: Paris; Age: 41$/)
  expect(await sheetOf({ 1: ['Name', 'Age', 'Sons'], 2: ['Ann', 34, 2], 4: ['Ship', 'Tons', 'Masts'], 5: ['Ida', 7, 3] })).toMatch(/Ship: Ida; Tons: 7; Masts: 3$/)
})

test('a power in a cell is one, and how Japanese is pronounced is no part of it [documents:load]', async () => {
  const pieces = '<r><t>10</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>6</t></r><r><t> lamps</t></r>'
  const spoken = '<r><t>東京</t></r><rPh sb="0" eb="2"><t>トウキョウ</t></rPh>'
  expect(await sheetOf({ 1: ['#0', `<is>${pieces}</is>`], 2: ['#1', `<is>${spoken}</is>`] }, '', `<si>${pieces}</si><si>${spoken}</si>`)).toBe('10^6 lamps | 10^6 lamps\n10^6 lamps: 東京; 10^6 lamps: 東京')
})

test('what stands above and below the pages of sheets is read once, without their numbers [documents:load]', async () => {
  expect(await sheetOf({ 1: ['Item', 'Day'] }, '<headerFooter><oddHeader>&amp;C&amp;"Arial,Bold"&amp;14Rope &amp;&amp; Sons</oddHeader><oddFooter>&amp;LDraft&amp;RPage &amp;P of &amp;N</oddFooter><evenFooter>&amp;CDraft</evenFooter></headerFooter>')).toBe('Item | Day\n\nRope & Sons\n\nDraft')
})

test('what is written within a cell is of no other one [documents:load]', async () => {
  expect(await sheetOf({ 1: ['<v>1</v><is><t>both</t></is>', '<is><t>next</t></is>'] })).toBe('1 | next')
})

test('a cell of thousands of raised pieces is read in no time [documents:load]', () => {
  const text = new RichText()
  const begun = performance.now()
  for (let pieces = 0; pieces < 200_000; pieces += 1) {
    text.open('r', {})
    text.open('vertAlign', { val: 'superscript' })
    text.open('t', {})
    text.words('1')
    text.close('t')
  }
  expect(text.take()).toMatch(/^1\^1\^1/)
  expect(performance.now() - begun).toBeLessThan(2_000)
})
