import { Headings, type Part } from '../part.ts'
import { textParts } from './text.ts'

/** Characters at the beginning in which such marks are looked for. */
const sample = 256 * 1024
/** A text that says nothing of its marks is taken for such a one from so many on, where nearly all brackets of this kind are marks. */
const leastMarks = 3
const leastShare = 0.8
const legend = '【テキスト中に現れる記号について】'
/** Kanji, or words whose beginning is marked, with a reading in kana. Titles of books stand in such brackets too, also in tables with `|` between cells. */
const mark = /(?:[\p{Script=Han}々〆ヶ]|｜[^\s｜|《》](?:[^｜|《》\n]{0,28}[^\s｜|《》])?)《[\p{Script=Hiragana}\p{Script=Katakana}ー・]{1,20}》/gu

/** Whether a plain text has the marks of Aozora Bunko, which other libraries of novels took over: `漢字《かんじ》`, `｜漢字《かんじ》`, `［＃…］`. */
export function hasAozoraMarks(text: string): boolean {
  const head = text.slice(0, sample)
  if (head.slice(0, 4_000).includes(legend)) return true
  const marks = head.match(mark)?.length ?? 0
  const brackets = head.match(/(?<!《)《(?!《)/g)?.length ?? 0
  return marks >= leastMarks && marks >= brackets * leastShare
}

/**
 * Paragraphs under their headings; a heading begins a new one. Readings, and notes that say more than how a page is set, stand in brackets behind their line: within it they would
 * part its words. The lines stay as many as they were.
 */
export function* aozoraParts(text: string): Generator<Part> {
  const headings = new Headings()
  let section: string[] = []
  let first = 0
  for (const [index, line] of text.split('\n').entries()) {
    const read = readLine(line)
    const level = headingLevel(line)
    if (level !== undefined && read.words.trim() !== '') {
      yield* sectionParts(section, first, headings.path)
      headings.enter(level, read.words)
      section = []
      first = index
    }
    section.push(read.behind.length === 0 ? read.words : `${read.words} [${read.behind.join(', ')}]`)
  }
  yield* sectionParts(section, first, headings.path)
}

/** @param above how many lines stand before them */
function* sectionParts(lines: readonly string[], above: number, heading: string | undefined): Generator<Part> {
  for (const part of textParts(lines.join('\n'))) yield { ...part, firstLine: above + (part.firstLine ?? 1), ...(heading !== undefined && { heading }) }
}

/** A note, with the sign before it that stands for a character. A note within it is of such a character. */
const note = /※?［＃((?:[^［］]|［＃[^［］]{1,200}］){1,400})］/gu
/** How the text is set. */
const ofSetting = /字下げ|字上げ|字詰め|地付き|地から|改(?:ページ|丁|段|見開き)|見出し|傍点|傍線|波線|鎖線|破線|太字|斜体|ゴシック|縦中横|横組み|割り注|罫囲み|段階(?:大き|小さ)な文字|[上下]付き小?文字|小書き|左右中央|^[一二三四上中下甲乙丙丁天地人レ]{1,3}$/u
/** Such notes say what else stands in the book. */
const ofText = /底本|の左に「/u
/** Words whose reading begins where a sign says, or else right behind a letter. */
const ruby = /[｜|]([^\s｜|《》](?:[^｜|《》\n]{0,58}[^\s｜|《》])?)《([^《》\n]{1,60})》|(?<=[\p{L}\p{M}\p{N}々〆ヶ※])《([^《》\n]{1,60})》/gu
const stressed = /《《([^《》\n]{1,60})》》/gu

function readLine(line: string): { readonly words: string; readonly behind: readonly string[] } {
  if (!/[《［]/.test(line)) return { words: line, behind: [] }
  const behind: string[] = []
  const words = line
    .replaceAll(note, (whole, said: string) => {
      if (whole.startsWith('※')) {
        const character = characterOf(said)
        if (character !== undefined) return character
        behind.push(said)
        return '※'
      }
      if (ofText.test(said) || !ofSetting.test(said)) behind.push(said)
      return ''
    })
    .replaceAll(stressed, '$1')
    .replaceAll(ruby, (_, base: string | undefined, marked: string | undefined, plain: string | undefined) => {
      behind.push((marked ?? plain ?? '').trim())
      return base ?? ''
    })
    .replaceAll(openBracket, '《')
    .replaceAll(closeBracket, '》')
  return { words, behind }
}

/** The brackets that are none of a reading, until the readings are out: codes that no text has. */
const openBracket = '\ufdd0'
const closeBracket = '\ufdd1'

/** A character that older sets lack, where the note says which it is in Unicode. */
function characterOf(said: string): string | undefined {
  if (said.startsWith('始め二重山括弧')) return openBracket
  if (said.startsWith('終わり二重山括弧')) return closeBracket
  const code = Number.parseInt(/U\+([0-9A-F]{4,6})/i.exec(said)?.[1] ?? '', 16)
  return code >= 0x20 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : undefined
}

/** `［＃「一」は中見出し］`, or `［＃大見出し］…［＃大見出し終わり］`. */
function headingLevel(line: string): number | undefined {
  const size = /［＃(?:「[^」]{1,200}」は)?(?:同行|窓)?([大中小])見出し］/u.exec(line)?.[1]
  return size === undefined ? undefined : ['大', '中', '小'].indexOf(size) + 1
}
