import { describe, expect, test } from 'vitest'
import { docxOf } from './made-files.ts'
import { textIn } from './parse-document.ts'

const docxWith = (xml: string): Uint8Array => docxOf([['Normal', `Before </w:t></w:r>${xml}<w:r><w:t> after.`]])
const run = (text: string): string => `<m:r><m:t>${text}</m:t></m:r>`
const place = (name: string, content: string): string => `<m:${name}>${content.startsWith('<') ? content : run(content)}</m:${name}>`
const value = (name: string, sign: string): string => `<m:${name} m:val="${sign}"/>`
const bracketed = (parts: readonly string[], properties = ''): string => `<m:d><m:dPr>${properties}</m:dPr>${parts.map((one) => place('e', one)).join('')}</m:d>`
const inDocx = async (...formulas: readonly string[]): Promise<string> =>
  (await textIn('a.docx', docxWith(`<m:oMathPara>${formulas.map((formula) => `<m:oMath>${formula}</m:oMath>`).join('')}</m:oMathPara>`))).replace(/^Before (.*) after\.$/, '$1')
const inPage = async (formula: string): Promise<string> => (await textIn('a.html', `<p>So <math>${formula}</math> holds.</p>`)).replace(/^So (.*) holds\.$/, '$1')

describe('parts of a formula that stand beside or under one another do not run together', () => {
  test('rows of a matrix and their parts, also empty ones, of DOCX and of pages [documents:load]', async () => {
    const matrix = `<m:m><m:mPr/>${[['1', '2'], ['3', '4']].map((row) => place('mr', row.map((cell) => place('e', cell)).join(''))).join('')}</m:m>`
    expect(await inDocx(bracketed([matrix], value('begChr', '[') + value('endChr', ']')))).toBe('[1, 2; 3, 4]')
    const table = (...rows: readonly (readonly string[])[]): string => `<mtable>${rows.map((row) => `<mtr>${row.map((cell) => `<mtd>${cell}</mtd>`).join('')}</mtr>`).join('\n')}</mtable>`
    expect(await inPage(`<mrow><mo>[</mo>${table(['<mn>1</mn>', ''], ['', '<mn>1</mn>'])}<mo>]</mo></mrow>`)).toBe('[1,; , 1]')
    expect(await inPage(table(['<mi>x</mi>', '<mo>=</mo><mn>1</mn>'], ['<mi>y</mi>', '<mo>=</mo><mn>2</mn>']))).toBe('x =1; y =2')
  })

  test('alternatives, and formulas of one paragraph [documents:load]', async () => {
    const alternatives = `<m:eqArr>${place('e', '1,  &amp;x&gt;0')}${place('e', '0,  &amp;x&lt;0')}</m:eqArr>`
    expect(await inDocx(bracketed([alternatives], value('begChr', '{') + value('endChr', '')))).toBe('{1, x>0; 0, x<0')
    expect(await inDocx(run('a=1'), run('b=2'))).toBe('a=1; b=2')
  })

  test('parts between brackets, with the sign that stands between them [documents:load]', async () => {
    expect(await inDocx(bracketed(['x', 'y'], value('sepChr', ',')))).toBe('(x, y)')
    expect(await inDocx(run('P') + bracketed(['A', 'B']))).toBe('P(A|B)')
    expect(await inPage('<mi>f</mi><mfenced><mi>x</mi><mi>y</mi></mfenced>')).toBe('f(x, y)')
    expect(await inPage('<mfenced open="[" close="]" separators="; |"><mn>1</mn><mn>2</mn><mn>3</mn><mn>4</mn></mfenced>')).toBe('[1; 2|3|4]')
    expect(await inPage('<msup><mfenced><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow></mfenced><mn>2</mn></msup>')).toBe('(a+b)^2')
    expect(await inPage('<mfrac><msqrt><mn>2</mn></msqrt><mn>2</mn></mfrac>')).toBe('(√2)/2')
  })
})

describe('what a formula means by the place of its parts is said', () => {
  test('one above another without a bar is no division [documents:load]', async () => {
    const stack = `<m:f><m:fPr>${value('type', 'noBar')}</m:fPr>${place('num', 'n')}${place('den', 'k')}</m:f>`
    expect(await inDocx(stack)).toBe('(n over k)')
    expect(await inDocx(`${bracketed([stack])}<m:f>${place('num', '1')}${place('den', '2')}</m:f>`)).toBe('(n over k)1/2')
    expect(await inPage('<mrow><mo>(</mo><mfrac linethickness="0"><mi>n</mi><mi>k</mi></mfrac><mo>)</mo></mrow>')).toBe('(n over k)')
    expect(await inPage('<mfrac linethickness="0.5px"><mi>n</mi><mi>k</mi></mfrac>')).toBe('n/k')
  })

  test('the degree of a root is no part of what stands under it, and is not said where nobody sees it [documents:load]', async () => {
    const root = (properties: string): string => `<m:rad><m:radPr>${properties}</m:radPr>${place('deg', '3')}${place('e', 'x')}</m:rad>`
    for (const properties of ['', value('degHide', 'off'), value('degHide', 'false'), value('degHide', '0')]) expect(await inDocx(root(properties))).toBe('√[3]x')
    for (const properties of ['<m:degHide/>', value('degHide', 'on'), value('degHide', '1')]) expect(await inDocx(root(properties))).toBe('√x')
    expect(await inDocx(`<m:rad>${place('deg', '3')}${place('e', 'a+b')}</m:rad>`)).toBe('√[3](a+b)')
    expect(await inPage('<mroot><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>3</mn></mroot>')).toBe('√[3](a+b)')
  })

  test('numbers before a sign are of the sign behind them, and limits stand under their word [documents:load]', async () => {
    expect(await inPage('<mi>x</mi><mo>+</mo><mmultiscripts><mi>C</mi><mprescripts/><mn>6</mn><mn>14</mn></mmultiscripts>')).toBe('x+ ^14_6C')
    expect(await inPage('<mmultiscripts><mi>R</mi><mi>i</mi><mi>j</mi></mmultiscripts>')).toBe('R_i^j')
    expect(await inDocx(`${run('x+')}<m:sPre>${place('sub', '6')}${place('sup', '14')}${place('e', 'C')}</m:sPre>`)).toBe('x+ _6^14C')
    expect(await inDocx(`<m:limLow>${place('e', 'lim')}${place('lim', 'x→0')}</m:limLow>`)).toBe('lim_(x→0)')
  })
})
