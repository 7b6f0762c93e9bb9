import { expect, test } from 'vitest'
import { docxOf, office, rels, zipOf } from './made-files.ts'
import { parseDocument, textIn } from './parse-document.ts'

/** A presentation of one slide. */
const slideOf = (shapes: string): Uint8Array =>
  zipOf({
    ...office('ppt/presentation.xml'), 'ppt/presentation.xml': '<p:presentation><p:sldIdLst><p:sldId id="256" r:id="a"/></p:sldIdLst></p:presentation>', 'ppt/_rels/presentation.xml.rels': rels(['a', 'slide', 'slides/slide1.xml']),
    'ppt/slides/slide1.xml': `<p:sld><p:cSld><p:spTree>${shapes}</p:spTree></p:cSld></p:sld>`,
  })
const shape = (paragraphs: string, type = ''): string => `<p:sp><p:nvSpPr><p:nvPr>${type === '' ? '' : `<p:ph type="${type}"/>`}</p:nvPr></p:nvSpPr><p:txBody>${paragraphs}</p:txBody></p:sp>`
const paragraph = (text: string, properties = ''): string => `<a:p>${properties}<a:r><a:t>${text}</a:t></a:r></a:p>`
const lines = async (shapes: string): Promise<string[]> => (await textIn('a.pptx', slideOf(shapes))).split(/\n+/)

test('a slide has its title above it, wherever that stands among its shapes [documents:load]', async () => {
  const { chunks } = await parseDocument({ name: 'a.pptx', bytes: slideOf(shape(paragraph('Lit at dusk')) + shape(paragraph('The lamp'), 'title') + shape(paragraph('Out at dawn'))) })
  expect(chunks.map(({ heading, text }) => [heading, text.split(/\n+/)])).toEqual([['The lamp', ['The lamp', 'Lit at dusk', 'Out at dawn']]])
})

test('paragraphs that a slide numbers have their numbers, by their levels [documents:load]', async () => {
  const numbered = (type: string, more = '', level = 0): string => `<a:pPr lvl="${level}"><a:buAutoNum type="${type}"${more}/></a:pPr>`
  expect(await lines(shape([paragraph('oil', numbered('arabicPeriod')), paragraph('clean', numbered('alphaLcParenR', '', 1)), paragraph('fill', numbered('alphaLcParenR', '', 1)), paragraph('light', numbered('arabicPeriod')), paragraph('Then'), paragraph('wait', numbered('romanUcPeriod', ' startAt="4"'))].join('')))).toEqual(['1. oil', 'a) clean', 'b) fill', '2. light', 'Then', 'IV. wait'])
  expect(await lines(shape([['oil', ''], ['light', ' startAt="5"'], ['wait', ' startAt="5"']].map(([text = '', more]) => paragraph(text, numbered('arabicPeriod', more))).join('')))).toEqual(['1. oil', '5. light', '6. wait'])
  expect(await lines(shape(`<a:lstStyle><a:lvl1pPr><a:buAutoNum type="arabicParenBoth"/></a:lvl1pPr></a:lstStyle>${paragraph('oil')}${paragraph('aside', '<a:pPr><a:buNone/></a:pPr>')}${paragraph('light')}`) + shape(paragraph('beside')))).toEqual(['(1) oil', 'aside', '(1) light', 'beside'])
})

test('an older form of a text is read where the newer one says nothing, in slides and in DOCX [documents:load]', async () => {
  const forms = (newer: string, older: string, requires = 'wps'): string => `<mc:AlternateContent><mc:Choice Requires="${requires}">${newer}</mc:Choice><mc:Fallback>${older}</mc:Fallback></mc:AlternateContent>`
  expect(await lines(forms('<p:x/>', shape(paragraph('Lamp'))) + forms(shape(paragraph('Oil')), shape(paragraph('Oil'))) + forms('<p:graphicFrame/>', shape(paragraph('This chart is not available.')), 'cx1') + shape(paragraph('end')))).toEqual(['Lamp', 'Oil', 'end'])
  const run = (text: string): string => `<w:r><w:t>${text}</w:t></w:r>`
  const body = `Before </w:t></w:r>${forms('<wps:x/>', run('lamp'))}${forms(run(' oil'), run(' oil'))}${forms('', run(' wick'))}<w:del>${forms('', run('gone'))}</w:del><w:r><w:t> after`
  expect(await textIn('a.docx', docxOf([['Normal', body]]))).toBe('Before lamp oil wick after')
})

test('control characters that a slide writes as escapes part words [documents:load]', async () => {
  expect(await lines(shape(paragraph('Lit_x000B_at dusk')))).toEqual(['Lit at dusk'])
})

test('what is raised by so many points above the line is a power in DOCX and RTF [documents:load]', async () => {
  const raised = (position: number): string => `10</w:t></w:r><w:r><w:rPr><w:position w:val="${position}"/></w:rPr><w:t>6</w:t></w:r><w:r><w:t> lamps`
  expect([await textIn('a.docx', docxOf([['Normal', raised(6)]])), await textIn('a.docx', docxOf([['Normal', raised(-6)]]))]).toEqual(['10^6 lamps', '106 lamps'])
  expect(await textIn('a.rtf', String.raw`{\rtf1 10{\super\up0 6} lamps\par}`)).toBe('10^6 lamps')
  expect(await textIn('a.rtf', String.raw`{\rtf1 10{\up6 6} lamps\par 10\up9 7\up0 8\par 5{\dn6 2}\par}`)).toBe('10^6 lamps\n10^78\n52')
})
