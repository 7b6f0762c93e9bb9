import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { compileFunction, constants } from 'node:vm'

const path = createRequire(import.meta.url).resolve('pdfjs-dist/legacy/build/pdf.worker.mjs')

/**
 * What is read otherwise than the reader of PDF does. It leaves out soft hyphens, as what is not seen; but programs write that character for the hyphens that
 * they draw, `01-2301` as well as those at line ends, where the font has one sign for both. And it drops what a file says of how its signs are read.
 */
const changes: readonly (readonly [theirs: string, ours: string])[] = [
  ['if (category.isInvisibleFormatMark) {', 'if (category.isInvisibleFormatMark && !(glyph.unicode === "\\u00ad" && glyph.width > 0)) {'],
  [
    'tag: args[0] instanceof Name ? args[0].name : null\n              });\n            }\n            break;\n          case OPS.endMarkedContent:\n            flush',
    'tag: args[0] instanceof Name ? args[0].name : null,\n                actualText: actualTextOf(args[1], resources)\n              });\n            }\n            break;\n          case OPS.endMarkedContent:\n            flush',
  ],
]
const helper = `
function actualTextOf(given, resources) {
  try {
    const properties = given instanceof Name ? resources?.get("Properties")?.get(given.name) : given;
    const text = properties instanceof Dict ? properties.get("ActualText") : undefined;
    return typeof text === "string" ? stringToPDFString(text) : undefined;
  } catch {
    return undefined;
  }
}
`
const itsExport = 'export { WorkerMessageHandler };'

/**
 * Gives the reader of PDF its worker with these changes, in the thread that calls it; with those that its code has room for, should another version of it
 * come. To be called before the first document is opened.
 */
export function prepareWorker(): void {
  const place = globalThis as { pdfjsWorker?: unknown }
  if (place.pdfjsWorker !== undefined) return
  const source = readFileSync(path, 'utf8')
  if (!source.includes(itsExport)) return
  const changed = changes.reduce((code, [theirs, ours]) => code.replace(theirs, () => ours), source)
  const body = changed.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)).replace(itsExport, `${helper}return { WorkerMessageHandler };`)
  try {
    const worker = compileFunction(body, [], { filename: path, importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER }) as () => unknown
    place.pdfjsWorker = worker()
  } catch (error) {
    // A version that is no function's body: it loads its worker itself, as it is.
    if (!(error instanceof SyntaxError)) throw error
  }
}
