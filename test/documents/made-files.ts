import { once } from 'node:events'
import { crc32, deflateRawSync } from 'node:zlib'
import PDFDocument from 'pdfkit'

/** A PDF of so many pages, each with a heading and the lines that `textOf` gives. */
export async function pdfOf(pages: number, textOf: (page: number) => string, options: { readonly password?: string } = {}): Promise<Uint8Array> {
  const document = new PDFDocument({ autoFirstPage: false, ...(options.password !== undefined && { userPassword: options.password }) })
  const parts: Buffer[] = []
  document.on('data', (part: Buffer) => parts.push(part))
  for (let page = 1; page <= pages; page += 1) {
    document.addPage()
    document.fontSize(18).text(`Chapter ${page}`)
    document.fontSize(10).text(textOf(page))
  }
  document.end()
  await once(document, 'end')
  return Buffer.concat(parts)
}

/** A PDF of these objects, numbered from 1; the first is its catalog. */
export function pdfOfObjects(objects: readonly string[]): Uint8Array {
  const places: number[] = []
  let file = '%PDF-1.7\n'
  for (const [index, object] of objects.entries()) {
    places.push(file.length)
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
  }
  const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')
  return Buffer.from(`${file}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`)
}

const relation = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/** A DOCX file with these paragraphs, each as `[style, text]`. */
export function docxOf(paragraphs: readonly (readonly [style: 'Heading1' | 'Heading2' | 'Normal', text: string])[]): Uint8Array {
  const body = paragraphs.map(([style, text]) => `<w:p><w:pPr><w:pStyle w:val="${style}"/></w:pPr><w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`).join('')
  const names = { Heading1: 'heading 1', Heading2: 'heading 2', Normal: 'Normal' }
  const styles = Object.entries(names).map(([id, name]) => `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/></w:style>`)
  const word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
  const packaged = 'http://schemas.openxmlformats.org/package/2006'
  return zipOf({
    '[Content_Types].xml': `<Types xmlns="${packaged}/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="${packaged}/relationships"><Relationship Id="r1" Type="${relation}/officeDocument" Target="word/document.xml"/></Relationships>`,
    'word/_rels/document.xml.rels': `<Relationships xmlns="${packaged}/relationships"><Relationship Id="r1" Type="${relation}/styles" Target="styles.xml"/></Relationships>`,
    'word/document.xml': `<w:document ${word}><w:body>${body}</w:body></w:document>`,
    'word/styles.xml': `<w:styles ${word}>${styles.join('')}</w:styles>`,
  })
}

/** Of a part of an Office document, seen from its folder. */
export type Relations = readonly (readonly [id: string, type: string, target: string])[]

export const rels = (...relations: Relations): string =>
  `<Relationships>${relations.map(([id, type, target]) => `<Relationship Id="${id}" Type="${relation}/${type}" Target="${target}"/>`).join('')}</Relationships>`

/** What every Office document has, by the path of the part that it begins with. */
export const office = (main: string): Readonly<Record<string, string>> => ({ '[Content_Types].xml': '<Types/>', '_rels/.rels': rels(['r1', 'officeDocument', main]) })

export function zipOf(files: Readonly<Record<string, string>>): Uint8Array {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let offset = 0
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text)
    const packed = deflateRawSync(content)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(8, 4)
    fields.writeUInt32LE(crc32(content), 10)
    fields.writeUInt32LE(packed.length, 14)
    fields.writeUInt32LE(content.length, 18)
    fields.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), fields, Buffer.from(name), packed])
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    centrals.push(Buffer.concat([Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), fields, place, Buffer.from(name)]))
    locals.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(centrals)
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 'latin1')
  end.writeUInt16LE(centrals.length, 8)
  end.writeUInt16LE(centrals.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, directory, end])
}
