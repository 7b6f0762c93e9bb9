/** Characters at the beginning in which a document may declare names for texts. */
const head = 32 * 1024
const longest = 1_000
/** Characters by which all names together may make a text longer, beyond its own length. */
const mostAdded = 1024 * 1024

const declarations = /^(\s*(?:<\?xml\s[^>]{0,200}>\s*)?(?:<!--[^>]{0,2000}-->\s*)?<!DOCTYPE\s[^[>]{0,1000})\[([^\]]*)\]\s*>/i
/** Of XML itself: a declaration can say nothing else of them, and is written in a form that only its reader resolves (`<!ENTITY lt "&#38;#60;">`). */
const ofXml = new Set(['lt', 'gt', 'amp', 'quot', 'apos'])
const declaration = /<!ENTITY\s+([\w.-]+)\s+(?:"([^"]*)"|'([^']*)')\s*>/g

/**
 * XML with the texts that it declares by name (`<!ENTITY co "ACME Ltd">`) where it names them, and without the declarations, which readers of pages show. A text
 * that names others stays a name: a few of them could stand for gigabytes.
 */
export function withEntities(xml: string): string {
  const [whole, before = '', declared = ''] = declarations.exec(xml.slice(0, head)) ?? []
  if (whole === undefined) return xml
  const texts = new Map<string, string>()
  for (const [, name = '', one, other] of declared.matchAll(declaration)) {
    const text = one ?? other ?? ''
    if (!ofXml.has(name) && text.length <= longest && !/&(?!#)/.test(text)) texts.set(name, withCharacters(text))
  }
  let left = xml.length + mostAdded
  return `${before}>${xml.slice(whole.length).replaceAll(/&([\w.-]{1,100});/g, (named, name: string) => {
    const text = texts.get(name)
    if (text === undefined || left < text.length) return named
    left -= text.length
    return text
  })}`
}

/** A declaration's numbers of characters are read with it, once: `&#38;lt;` declares `&lt;`. */
const withCharacters = (declared: string): string =>
  declared.replaceAll(/&#(?:x([\da-f]{1,6})|(\d{1,7}));/gi, (number, hexadecimal: string | undefined, decimal: string | undefined) => {
    const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16)
    return code === 0 || code > 0x10ffff ? number : String.fromCodePoint(code)
  })
