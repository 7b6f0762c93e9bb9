import { setImmediate as afterOthers } from 'node:timers/promises'
import type { Embedder } from '../model/model.ts'
import { allWordsOf, hash, isStopword, stem } from './words.ts'

const dimensions = 384

/**
 * Vectors of hashed words and their triples of letters: texts with words in common, or with forms of the same word, are near
 * each other. It knows no meaning beyond that: "car" and "automobile" are strangers.
 */
export function simulatedEmbedder(): Embedder {
  return {
    model: 'perdure-simulated-embedding',
    dimensions,
    async embed(texts, signal) {
      signal.throwIfAborted()
      const vectors: (readonly number[])[] = []
      for (const text of texts) {
        vectors.push(vectorOf(text))
        // A real model's endpoint would work elsewhere: here the process has to have its turn in between.
        await afterOthers()
      }
      return vectors
    },
  }
}

function vectorOf(text: string): readonly number[] {
  const vector = new Array<number>(dimensions).fill(0)
  const add = (feature: string, weight: number): void => {
    const place = hash(feature)
    const index = place % dimensions
    // The sign lets features that share an index cancel out instead of adding up.
    vector[index] = (vector[index] ?? 0) + (place & 0x10000 ? weight : -weight)
  }
  for (const word of allWordsOf(text)) {
    const root = stem(word)
    const weight = isStopword(word) ? 0.15 : 1
    add(`word ${root}`, weight)
    const padded = ` ${root} `
    for (let index = 0; index + 3 <= padded.length; index += 1) add(`letters ${padded.slice(index, index + 3)}`, weight * 0.3)
  }
  const length = Math.hypot(...vector)
  // A text without a word has no direction of its own, and a vector of zeros has no cosine.
  if (length === 0) return vector.with(0, 1)
  return vector.map((value) => value / length)
}
