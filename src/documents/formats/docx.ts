import mammoth from 'mammoth'
import type { Part } from '../part.ts'
import { htmlParts } from './html.ts'

/** Word's headings, lists and tables become those of HTML. @throws Error for what is no such file */
export async function docxParts(bytes: Uint8Array): Promise<Part[]> {
  const noImages = mammoth.images.imgElement(async () => ({ src: '' }))
  const { value } = await mammoth.convertToHtml({ buffer: Buffer.from(bytes) }, { convertImage: noImages })
  return htmlParts(value)
}
