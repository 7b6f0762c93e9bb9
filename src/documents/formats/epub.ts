import { decodedComponent } from '../../protocol/decoded-component.ts'
import { Blocks } from '../blocks.ts'
import { decodeText } from '../decode.ts'
import type { Found } from '../found.ts'
import type { Part } from '../part.ts'
import { DocumentProblem } from '../problem.ts'
import { Zip } from '../zip.ts'
import { htmlParts } from './html.ts'
import { resolvePath } from './related.ts'
import { attribute, readSmallXml } from './xml.ts'

/** Chapters in the order of reading; those that the book lists and does not have are named. @throws Error for what is no such file */
export function* epubParts(bytes: Uint8Array, found: Found): Generator<Part> {
  const zip = new Zip(bytes)
  const container = zip.read('META-INF/container.xml')
  let opf = ''
  if (container !== undefined) {
    readSmallXml(container, {
      open: (name, attributes) => {
        if (name === 'rootfile' && opf === '') opf = attribute(attributes, 'full-path') ?? ''
      },
    })
  }
  // Some write it like an address.
  if (!zip.names.includes(opf)) opf = resolvePath('', decodedComponent(opf))
  const list = zip.read(opf)
  if (list === undefined) throw new Error('no list of contents')
  const items = new Map<string, { readonly path: string; readonly given: string; readonly type: string }>()
  const spine: string[] = []
  const folder = opf.slice(0, opf.lastIndexOf('/') + 1)
  readSmallXml(list, {
    open: (name, attributes) => {
      const id = attribute(attributes, 'id') ?? ''
      if (name === 'item') {
        const href = attribute(attributes, 'href') ?? ''
        // An address may name a place within the file.
        items.set(id, { path: resolvePath(folder, decodedComponent(href.replace(/#.*$/, ''))), given: resolvePath(folder, href), type: attribute(attributes, 'media-type') ?? '' })
      }
      if (name === 'itemref') spine.push(attribute(attributes, 'idref') ?? '')
    },
  })
  const locked = encryptedIn(zip)
  const blocks = new Blocks()
  const missing: string[] = []
  // Of a book that names no order, the chapters as it lists them.
  const order = spine.some((id) => items.has(id)) ? spine : [...items].flatMap(([id, { type, path }]) => (/xhtml|html/.test(type) || /\.x?html?$/i.test(path) ? [id] : []))
  for (const id of order) {
    const item = items.get(id)
    // What a book has its reader read is text, whatever old or careless programs call it; pictures may stand among it.
    if (item === undefined || /^(?:image\/(?!svg)|audio\/|video\/|font\/)/.test(item.type)) continue
    if (locked.has(item.path)) throw new DocumentProblem('document-encrypted', 'is locked by its seller (DRM); it can be read only without that')
    const chapter = zip.read(item.path) ?? zip.read(item.given)
    if (chapter === undefined) missing.push(item.path)
    else yield* htmlParts(decodeText(chapter, 'xhtml'), 'xhtml', blocks)
  }
  if (missing.length > 0) found.unread = `${missing.length === 1 ? 'a chapter is' : 'chapters are'} missing in the file: ${missing.slice(0, mostNamed).join(', ')}${missing.length > mostNamed ? ', …' : ''}`
}

const mostNamed = 20

/** Fonts are often scrambled, which does no harm; chapters are where a seller locks them. */
function encryptedIn(zip: Zip): ReadonlySet<string> {
  const locked = new Set<string>()
  const xml = zip.read('META-INF/encryption.xml')
  if (xml === undefined) return locked
  readSmallXml(xml, {
    open: (name, attributes) => {
      if (name === 'CipherReference') locked.add(resolvePath('', decodedComponent(attribute(attributes, 'URI') ?? '')))
    },
  })
  return locked
}
