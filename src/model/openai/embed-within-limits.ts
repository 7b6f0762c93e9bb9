import { ModelError } from '../model-error.ts'

/** What is known of an endpoint's limits; an embedder learns it from refusals, and keeps it as long as it lives. */
export interface EmbeddingLimits {
  /** Texts of one request. */
  texts: number
  /** Bytes of one text, as UTF-8: what is behind them is not embedded. Tokens go by bytes more than by characters, so that a text of Chinese says little wrong of one of English. */
  bytes: number
}

/** 200: the failure came in the body of an answer, without a status of its own. */
const refusals = new Set([200, 400, 413, 422, 429, 500])
/** That the texts of a request are too many. */
export const saysTexts = /batch|instances?(?:\(s\))? (?:is|are) allowed|maximum item count|too many (?:inputs|items|texts|strings)|array[^]{0,30}(?:long|length|size)|number of (?:inputs|texts|items|prompts|documents)|at most \d+ (?:inputs|items|texts)|inputs? (?:list|array)|\bmax(?:imum)? (?:number of inputs?|(?:number of )?(?:inputs|texts|items)) (?:is|as|of|:)|(?:texts|inputs) len(?:gth)? exceeds|数组|批|\d ?条/i
/** Then its numbers are of tokens: llama.cpp's physical batch is one of them. */
const ofTokens = /tokens?\b|physical batch size/i
const physicalBatch = /physical batch size/i
const saysLength = /token|too long|too large|context|length|payload|physical batch size|at most [\d,]+ characters|(?:input|text|string|character|content)[^]{0,40}exceeds? the max|exceeds? the max[^]{0,40}(?:input|text|string|character|content)|长度|(?:文本|输入|内容|字符)[^]{0,20}[过超]长/i
/** Then a number is of what the server does at once, or how long it takes. One request is no such word: Bedrock calls a text that is too long a malformed input request, and gateways give its id. */
const saysLoad = /concurren|queue|\brates?\b|\brequests\b|(?<!\b(?:a|one) )\btime\b|timed? ?out|deadline|cancell?ed|时间|并发|超时/i
/** What some models compute of some texts (bge-m3 at Ollama and llama.cpp, in half precision), so that no server can give the vectors of any text beside it. */
export const noNumber = 'NaN'
const saysNoNumber = /\bNaN\b/
/** A text of this length fits every model. */
const leastBytes = 200

/**
 * Embeds texts in requests that the endpoint takes. A refusal that says how many texts are too many, or that they are too long, is learned
 * from: fewer texts, and at last the beginning of a text alone; so it does with a text of which the model computes no numbers. Any other failure is
 * the caller's.
 */
export async function embedWithinLimits(
  texts: readonly string[],
  limits: EmbeddingLimits,
  embed: (texts: readonly string[]) => Promise<readonly (readonly number[])[]>,
): Promise<readonly (readonly number[])[]> {
  const vectors: (readonly number[])[] = []
  for (let from = 0; from < texts.length; ) {
    const some = texts.slice(from, from + limits.texts)
    try {
      vectors.push(...(await embed(some.map((text) => bytesOf(text, limits.bytes)))))
      from += some.length
    } catch (error) {
      const fewer = fewerAfter(error, some.length)
      const shorter = isRefusal(error) && saysNoNumber.test(error.message) ? shorterText(some) : undefined
      if (shorter !== undefined) {
        vectors.push(...(await embedWithinLimits(shorter, { texts: 1, bytes: limits.bytes }, embed)))
        from += 1
      } else if (fewer === undefined) {
        const bytes = fewerBytesAfter(error, some, limits)
        if (bytes === undefined) throw error
        if (teachesLength(error)) limits.bytes = bytes
        else {
          vectors.push(...(await embedWithinLimits(some, { texts: 1, bytes }, embed)))
          from += 1
        }
      } else if (fewer.learned) {
        limits.texts = fewer.texts
      } else {
        vectors.push(...(await embedWithinLimits(some, { texts: fewer.texts, bytes: limits.bytes }, embed)))
        from += some.length
      }
    }
  }
  return vectors
}

function fewerAfter(error: unknown, asked: number): { readonly texts: number; readonly learned: boolean } | undefined {
  if (asked === 1 || !isRefusal(error)) return undefined
  const half = Math.ceil(asked / 2)
  if (saysTexts.test(error.message)) {
    // The largest number below what was asked for is the limit, where it is named.
    const named = Math.max(0, ...numbersIn(error.message).filter((number) => number < asked && number !== error.status))
    if (named > 0) return { texts: named, learned: true }
    if (!ofTokens.test(error.message)) return { texts: half, learned: true }
  }
  // Together too many tokens, or one of them without numbers: that says nothing of other texts.
  return isOfLength(error) || saysNoNumber.test(error.message) ? { texts: half, learned: false } : undefined
}

/** Those that stand alone: not the `3` of `voyage-3` or of `input[3]`, nor the digits of an id. */
const numbersIn = (text: string): readonly number[] =>
  Array.from(text.replace(/\[\d+\]/g, ' ').matchAll(/(?<![\w.,-])\d[\d,]*(?![\w-]|\.\d)/g), ([digits]) => Number(digits.replaceAll(',', '')))

function fewerBytesAfter(error: unknown, [text = '']: readonly string[], limits: EmbeddingLimits): number | undefined {
  const length = Math.min(Buffer.byteLength(text), limits.bytes)
  if (!isRefusal(error) || !isOfLength(error) || length <= leastBytes) return undefined
  return Math.max(leastBytes, Math.floor(length * 0.7))
}

/** A refusal as invalid or too large is of no load, and pydantic's says the whole text again, whatever its words are. */
const isOfLength = ({ message, status }: ModelError): boolean => saysLength.test(message) && (status === 413 || status === 422 || !saysLoad.test(message))

/** A failure of the server passes, whatever its words are, and every later text would stay cut. llama.cpp's words for its own setting have that status too. */
const teachesLength = (error: unknown): boolean => isRefusal(error) && ((error.status ?? 0) < 500 || physicalBatch.test(error.message))

/** The beginning of the one text that was asked for; undefined where there were more, or where it is short. */
function shorterText([text = '', ...others]: readonly string[]): readonly string[] | undefined {
  const length = Buffer.byteLength(text)
  return others.length > 0 || length <= leastWithoutNumbers ? undefined : [bytesOf(text, Math.floor(length * 0.7))]
}
const leastWithoutNumbers = 20

const isRefusal = (error: unknown): error is ModelError =>
  ModelError.isInstance(error) && (error.kind === 'context-overflow' || error.kind === 'bad-request' || error.kind === 'server-error') && refusals.has(error.status ?? 0)

/** Its beginning, cut between characters. */
const bytesOf = (text: string, most: number): string => (Buffer.byteLength(text) <= most ? text : new TextDecoder().decode(Buffer.from(text).subarray(0, most), { stream: true }))
