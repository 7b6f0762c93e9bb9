import { isCards } from './formats/cards.ts'
import { parserOf } from './formats/code.ts'
import { mainPart } from './formats/related.ts'
import { DocumentProblem } from './problem.ts'
import { Zip } from './zip.ts'

export type Format =
  | 'pdf' | 'docx' | 'pptx' | 'xlsx' | 'odt' | 'ods' | 'odp' | 'epub' | 'fb2' | 'rtf' | 'mail' | 'mailbox' | 'notebook' | 'json' | 'yaml' | 'subtitles' | 'cards'
  | 'markdown' | 'html' | 'svg' | 'csv' | 'code' | 'text'

/** For messages that refuse a file. */
export const whatIsRead = 'PDF, DOCX, PPTX, XLSX, ODT, EPUB, FB2, RTF, HTML, Markdown, CSV, mail, Jupyter notebooks, JSON, YAML, subtitles, calendars, address cards, source code and text are read'

const byExtension: Readonly<Record<string, Format>> = {
  pdf: 'pdf', docx: 'docx', docm: 'docx', dotx: 'docx', pptx: 'pptx', pptm: 'pptx', ppsx: 'pptx', xlsx: 'xlsx', xlsm: 'xlsx', odt: 'odt', ods: 'ods', odp: 'odp', fodt: 'odt', fods: 'ods', fodp: 'odp', epub: 'epub', fb2: 'fb2', rtf: 'rtf',
  eml: 'mail', emlx: 'mail', mht: 'mail', mhtml: 'mail', mbox: 'mailbox', ipynb: 'notebook', json: 'json', jsonl: 'json', ndjson: 'json', geojson: 'json', jsonc: 'json', json5: 'json', har: 'json', webmanifest: 'json', yaml: 'yaml', yml: 'yaml', ics: 'cards', ical: 'cards', ifb: 'cards', vcs: 'cards', vcf: 'cards', vcard: 'cards', srt: 'subtitles', vtt: 'subtitles', ass: 'subtitles', ssa: 'subtitles', ttml: 'subtitles', dfxp: 'subtitles', smi: 'subtitles', sami: 'subtitles', sbv: 'subtitles',
  md: 'markdown', markdown: 'markdown', mdx: 'markdown', html: 'html', htm: 'html', xhtml: 'html', svg: 'svg', csv: 'csv', tsv: 'csv', tab: 'csv', psv: 'csv',
}

/** Formats that begin with signs of their own, and are no text to us. */
const otherBinaries: readonly (readonly [what: string, signs: string, at?: number])[] = [
  ['a picture', '\u0089PNG'], ['a picture', '\u00ff\u00d8\u00ff'], ['a picture', 'GIF8'], ['a picture', 'II*\0'], ['a picture', 'MM\0*'], ['a picture', 'WEBP', 8],
  ['a program', '\u007fELF'], ['a program', '\u00ca\u00fe\u00ba\u00be'], ['a program', '\0asm'],
  ['compressed', '\u001f\u008b'], ['compressed', 'BZh'], ['compressed', '\u00fd7zXZ'], ['compressed', '(\u00b5/\u00fd'], ['an archive', '7z\u00bc\u00af'], ['an archive', 'Rar!'], ['an archive', 'ustar', 257],
  ['a database', 'SQLite format 3'], ['a list of properties in binary form', 'bplist0'], ['a table in Parquet', 'PAR1'], ['sound', 'ID3'], ['sound', 'OggS'], ['sound', 'fLaC'], ['sound', 'WAVE', 8], ['a film', 'ftyp', 4], ['a film', '\u001aE\u00df\u00a3'],
]
const pdfSigns = '%PDF-'
/** The first line of a message's head, below its length where Apple's programs have written it, or the line between two messages of a mailbox. */
const mailBegin = /^(?:\u00ef\u00bb\u00bf)?\s*(?:\d+ *\r?\n(?=[A-Za-z]))?(?:>?From |[\w-]+[ \t]*:)/
/** Servers and programs of mail keep messages under names that say nothing of it: `1700000000.M1P2.host:2,S`. What a person has called text is read as it is written. */
const namesOfText = new Set(['txt', 'text', 'log'])
const ofMessage = /^(?:Return-Path|Received|Delivered-To|Message-ID|MIME-Version)[ \t]*:/im
/** A program's own fields stand in other files too, which have no subject. */
const ofProgram = /^X-[\w-]+[ \t]*:/im
/** Fields of a message's head, of which some are such as no person writes. */
function isMessage(start: string): boolean {
  const head = /^[^]*?(?=\r?\n\r?\n|$)/.exec(start)?.[0] ?? ''
  if (!/^(?:[!-9;-~]{1,80}[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*){2}[!-9;-~]{1,80}[ \t]*:/.test(head) || !/^From[ \t]*:/im.test(head)) return false
  return ofMessage.test(head) || (ofProgram.test(head) && /^Subject[ \t]*:/im.test(head))
}

/** Readers of PDF let other bytes stand before the beginning. */
const pdfWithin = 1_024

/**
 * The format of a file: by its content if that is plain, else by its name.
 * @throws DocumentProblem `document-binary` for what nothing here reads, `document-encrypted`
 */
export function formatOf(name: string, bytes: Uint8Array): { readonly format: Format; readonly extension: string } {
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  const named = byExtension[extension]
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(pdfWithin, bytes.byteLength)).toString('latin1')
  if (head.startsWith(pdfSigns) || (named === 'pdf' && head.includes(pdfSigns))) return { format: 'pdf', extension }
  if (head.startsWith('PK\u0003\u0004')) return { format: zipped(bytes, named), extension }
  const flat = flatFormat(bytes)
  if (flat !== undefined) return { format: flat, extension }
  if (/^(?:\u00ef\u00bb\u00bf)?\s*(?:<\?xml\s[^>]*>\s*)?<FictionBook[\s>]/.test(head)) return { format: 'fb2', extension }
  if (/^(?:\u00ef\u00bb\u00bf)?\s*\{\\rtf/.test(head)) return { format: 'rtf', extension }
  if (head.startsWith('\u00d0\u00cf\u0011\u00e0')) throw oldOffice(bytes)
  const other = otherBinaries.find(([, signs, at = 0]) => head.startsWith(signs, at))
  if (other !== undefined) throw new DocumentProblem('document-binary', `is ${other[0]}; ${whatIsRead}`)
  if (named === undefined && /^From \S+ .*\d{4}\r?\n[\w-]+: /.test(head)) return { format: 'mailbox', extension }
  if (named === undefined && !namesOfText.has(extension) && isMessage(head)) return { format: 'mail', extension }
  const older = olderFormat(head, extension)
  if (older !== undefined) return older
  // Plain text is often given such a name; its reader would take the text for signs and heads.
  if (named === 'rtf' || (named === 'fb2' && !/^[^<]{0,8}</.test(head)) || (named === 'cards' && !isCards(head)) || ((named === 'mail' || named === 'mailbox') && !mailBegin.test(head))) return { format: 'text', extension }
  // A file that calls itself PDF or DOCX and does not begin so is a damaged one; its reader says so.
  return { format: named ?? (parserOf(extension) === undefined ? 'text' : 'code'), extension }
}

/**
 * What programs give to Office under a name of its old formats, or without a name: pages and tables of HTML, pages in one file, sheets and texts of Office 2003
 * in XML, plain tables. What begins as JSON does, under a name that says nothing of it, is read as JSON, so that its escapes become letters.
 */
function olderFormat(head: string, extension: string): { readonly format: Format; readonly extension: string } | undefined {
  const isXml = /^(?:\u00ef\u00bb\u00bf)?\s*<\?xml\s/.test(head)
  if (isXml && /<Workbook[\s>]/.test(head) && head.includes('urn:schemas-microsoft-com:office:spreadsheet')) return { format: 'xlsx', extension }
  if (isXml && (/<w:wordDocument[\s>]/.test(head) || (/<pkg:package[\s>]/.test(head) && head.includes('/word/')))) return { format: 'docx', extension }
  if (byExtension[extension] !== undefined || parserOf(extension) !== undefined) return undefined
  if (/^(?:\u00ef\u00bb\u00bf)?\s*\{\s{0,80}"/.test(head)) return { format: 'json', extension }
  if (!oldOfficeNames.has(extension)) return undefined
  if (/^(?:\u00ef\u00bb\u00bf)?\s*(?:<!--[^]{0,400}?-->\s*)?<(?:!doctype html|html|table)[\s>]/i.test(head)) return { format: 'html', extension }
  if (/^(?:mime-version|content-type)[ \t]*:/im.test(head) && /multipart\/related/i.test(head)) return { format: 'mail', extension }
  return extension === 'xls' && /^[^\0\n]{0,400}[\t;,]/.test(head) ? { format: 'csv', extension: 'tsv' } : undefined
}
const oldOfficeNames = new Set(['', 'doc', 'dot', 'xls', 'xlt', 'ppt'])

/** An encrypted document of today's Office is packed in the old format. */
function oldOffice(bytes: Uint8Array): DocumentProblem {
  if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(Buffer.from('EncryptedPackage', 'utf16le'))) return new DocumentProblem('document-encrypted', 'is encrypted; save it without a password first')
  return new DocumentProblem('document-binary', 'is an old Word, Excel or PowerPoint file, or a message of Outlook; save it as DOCX, XLSX, PPTX or EML first')
}

const ofMimetype: Readonly<Record<string, Format>> = {
  'application/epub+zip': 'epub', 'application/vnd.oasis.opendocument.text': 'odt', 'application/vnd.oasis.opendocument.spreadsheet': 'ods', 'application/vnd.oasis.opendocument.presentation': 'odp',
}
const zippedFormats: readonly Format[] = ['docx', 'pptx', 'xlsx', 'odt', 'ods', 'odp', 'epub']

function zipped(bytes: Uint8Array, named: Format | undefined): Format {
  let zip: Zip
  try {
    zip = new Zip(bytes)
  } catch (error) {
    // Cut off: its reader says so, by the name that it has.
    if (named !== undefined && zippedFormats.includes(named)) return named
    throw error
  }
  const { names } = zip
  const mimetype = names.includes('mimetype') ? new TextDecoder().decode(zip.read('mimetype')).trim().replace(/-template$/, '') : ''
  const found = ofMimetype[mimetype] ?? ofManifest(zip) ?? (names.includes('META-INF/container.xml') ? 'epub' : officeFormat(zip))
  if (found !== undefined) return found
  throw new DocumentProblem('document-binary', `is a ZIP archive, or a document in one that is not read here; unpack or convert it first: ${whatIsRead}`)
}

/** A document of LibreOffice that was packed again without its first part, which says what it is. */
function ofManifest(zip: Zip): Format | undefined {
  if (!zip.has('content.xml') || !zip.has('META-INF/manifest.xml')) return undefined
  const types = new TextDecoder().decode(zip.read('META-INF/manifest.xml')).match(/application\/vnd\.oasis\.opendocument\.\w+/g) ?? []
  return types.map((type) => ofMimetype[type]).find((format) => format !== undefined)
}

/** A document of LibreOffice that is one file of XML, and says which after the many names of its parts. */
function flatFormat(bytes: Uint8Array): Format | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(flatHead, bytes.byteLength)).toString('latin1')
  const mimetype = /^(?:\u00ef\u00bb\u00bf)?\s*<(?:\?xml\s[^>]*>\s*<)?office:document\s[^>]*\boffice:mimetype="([^"]+)"/.exec(head)?.[1]
  return mimetype === undefined ? undefined : ofMimetype[mimetype.replace(/-template$/, '')]
}
const flatHead = 16 * 1024

function officeFormat(zip: Zip): Format | undefined {
  if (!zip.has('[Content_Types].xml')) return undefined
  const folder = mainPart(zip)?.split('/')[0]?.toLowerCase()
  const binary = zip.has('xl/workbook.bin')
  return binary ? undefined : folder === 'word' ? 'docx' : folder === 'ppt' ? 'pptx' : folder === 'xl' ? 'xlsx' : undefined
}
