import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const ofMap: readonly (readonly [collection: string, names: RegExp])[] = [
  ['GB1', /^(?:UniGB|GB)/],
  ['CNS1', /^(?:UniCNS|B5|ETen|ETHK|CNS|HK)/],
  ['Japan1', /^(?:UniJIS|\d*(?:pv|sp)?-?RKSJ|83pv|90|Ext|H$|V$|EUC-|Add|NWP|Hankaku|Hiragana|Katakana|Roman|WP)/],
  ['Korea1', /^(?:UniKS|KSC)/],
]

/**
 * Gives pdf.js its maps from character codes to characters. Some writers name a map of one collection of characters for a font of another (ReportLab
 * does, for traditional Chinese): then the characters are those of the map.
 */
export function characterMaps(folder: string): new () => { fetch: (wanted: { readonly name: string }) => Promise<{ cMapData: Uint8Array; isCompressed: boolean }> } {
  return class {
    readonly #collections = new Set<string>()

    async fetch({ name }: { readonly name: string }): Promise<{ cMapData: Uint8Array; isCompressed: boolean }> {
      const asked = /^Adobe-(\w+)-UCS2$/.exec(name)?.[1]
      const collection = ofMap.find(([, names]) => names.test(name))?.[0]
      if (collection !== undefined) this.#collections.add(collection)
      const [only, ...others] = this.#collections
      const other = asked !== undefined && only !== undefined && others.length === 0 && only !== asked
      const file = join(folder, `${other ? `Adobe-${only}-UCS2` : name}.bcmap`)
      return { cMapData: new Uint8Array(await readFile(file)), isCompressed: true }
    }
  }
}
