import { sentencesOf } from './words.ts'
import { isQuestion } from './question.ts'

/** A line of core memory: about the user in `human`, about the agent in `persona`. */
export interface Fact {
  readonly label: 'human' | 'persona'
  readonly line: string
}

// Where a fact ends within its sentence.
const end = String.raw`(?=\s*(?:[!?;\n]|,?\s+(?:and|but|so|because|since|although|while)\s+(?:i\b|my\b|we\b|please|you\b|remember|it\b|the\b)|,\s*(?:i\b|my\b|please|you\b|and\b|by the way)|$))`

interface Pattern {
  readonly pattern: RegExp
  readonly lines: (...groups: readonly string[]) => string | undefined | readonly string[]
}

const said = (head: string, lines: Pattern['lines'], begins = ''): Pattern => ({
  pattern: new RegExp(`\\b${head}\\s+${begins}(.+?)${end}`, 'giu'),
  lines,
})

const aboutUser: readonly Pattern[] = [
  said(String.raw`(?:my name is|my name's|call me|i'm called|people call me)`, (name) => labelled('Name', properName(name))),
  {
    pattern: /(?:^|\b(?:hi|hello|hey)[,!.]?\s+)i'm (\p{L}[\p{L}'-]+)(?=[.!,]|\s+(?:and|by the way|actually)\b|$)/giu,
    lines: (name = '') => (/^\p{Lu}/u.test(name) ? labelled('Name', properName(name)) : undefined),
  },
  said(String.raw`(?:i live in|i(?:'ve| have)? (?:just |recently )?moved to|i(?:'m)? (?:now )?liv(?:e|ing) in|i relocated to)`, (place) =>
    prefixed('Lives in', place),
  ),
  said(String.raw`(?:i'm|i come|i originally come) (?:originally )?from`, (place) => prefixed('Comes from', place)),
  said(String.raw`i (?:now )?work as`, (job) => prefixed('Works as', job)),
  said(String.raw`i (?:now )?work (?:at|for)`, (place) => prefixed('Works at', place)),
  said(String.raw`i'm allergic to`, (what) => prefixed('Allergic to', what)),
  said(String.raw`i was born (?:on|in)`, (when) => labelled('Birthday', when)),
  said(String.raw`i(?: really| also| just| absolutely)* (?:love|like|enjoy|adore)`, (what) => tastes('Likes', what)),
  said(String.raw`i(?: really| also| just| absolutely)* (?:hate|dislike|can't stand|don't like|do not like|no longer like)`, (what) =>
    tastes('Dislikes', what),
  ),
  { pattern: /\bi'm (\d{1,3})(?: years old)?(?=[.!,]|\s+and\b|\s*$)/giu, lines: (age) => labelled('Age', age) },
  { pattern: /\bi'm (?:a )?(vegan|vegetarian)\b/giu, lines: (diet) => labelled('Diet', diet) },
  said(
    `i'm`,
    (what = '') => (/^an? (?:bit|little|lot|fan|vegan|vegetarian)\b|(?:\S+\s+){5}/i.test(what) ? undefined : prefixed('Is', what)),
    '(?=an? )',
  ),
  {
    pattern: /\bi (?:have|'ve got|have got) an? ([\p{L}][\p{L} ]{1,30}?) (?:called|named|whose name is) ([\p{L}][\p{L}'-]*)/giu,
    lines: (who = '', name) => labelled(`${capital(who)}'s name`, properName(name)),
  },
  said(
    `i(?:'ve got| have(?: got)?)`,
    (what = '') => (isNoPossession(what) ? undefined : prefixed('Has', what)),
    String.raw`(?=(?:an?|one|two|three|four|five|six|\d+)\s)`,
  ),
  {
    pattern: new RegExp(String.raw`\bmy ([\p{L}][\p{L}' -]{1,40}?) (?:is|are|was)(?: now| actually| on)*( called| named)?\s+(.+?)${end}`, 'giu'),
    lines: possession,
  },
]

const aboutAgent: readonly Pattern[] = [
  said(
    String.raw`(?:your name is|you're called|you are called|call yourself|i'll call you|i will call you|i'd like to call you)`,
    (name) => `My name is ${properName(name)}.`,
  ),
  {
    pattern: /(?:^|\bplease )((?:be (?:more|less)|always|never|speak|talk|answer|reply|write) [^!?;]+)$/giu,
    lines: (how = '') => `I should ${lowerFirst(tidied(how)).replace(/\bme\b/g, 'the user')}.`,
  },
  said(
    String.raw`(?:from now on,? you|^you)(?:'re| are)`,
    (what = '') => (/genius|star|great|lifesaver|good|liar|machine/i.test(what) ? undefined : `I am ${tidied(what)}.`),
    '(?=an? )',
  ),
]

/** The facts about the user and the agent that a text of the user states. A question states none. */
export function factsIn(text: string): readonly Fact[] {
  const facts = new Map<string, Fact>()
  for (const sentence of sentencesOf(normalised(text))) {
    if (isQuestion(sentence)) continue
    for (const [label, patterns] of [
      ['human', aboutUser],
      ['persona', aboutAgent],
    ] as const) {
      for (const line of patterns.flatMap((pattern) => linesIn(sentence, pattern))) facts.set(`${label} ${keyOf(line)}`, { label, line })
    }
  }
  return [...facts.values()]
}

/** The key of a line's subject. Of two lines with the same key the later one replaces the earlier. */
export function keyOf(line: string): string {
  const labelledAs = /^([^:]{1,40}): /.exec(line)?.[1]
  if (labelledAs !== undefined) return labelledAs.toLowerCase()
  const single = /^(?:Lives in|Comes from|Works as|Works at|My name is)/.exec(line)?.[0]
  return (single ?? line.replace(/^(?:Likes|Dislikes) /, 'taste ')).toLowerCase()
}

function linesIn(sentence: string, { pattern, lines }: Pattern): readonly string[] {
  return Array.from(sentence.matchAll(pattern), ([, ...groups]) => lines(...groups) ?? []).flat()
}

const normalised = (text: string): string =>
  text
    .replaceAll('’', "'")
    .replace(/\bI am\b/gi, "I'm")
    .replace(/\bfavorite\b/gi, 'favourite')

function possession(what = '', called = '', value = ''): string | undefined {
  if (
    /^(?:name|point|question|problem|guess|idea|opinion|bad|fault|turn|mistake|apologies|pleasure|plan)$/i.test(what) ||
    /^(?:not|n't)\b/i.test(value)
  )
    return undefined
  const key = capital(called === '' ? what : `${what}'s name`)
  return labelled(key, /name$/i.test(key) ? properName(value) : value)
}

function labelled(label: string, value: string | undefined): string | undefined {
  const tidy = tidied(value)
  return tidy === '' ? undefined : `${label}: ${tidy}`
}

function prefixed(prefix: string, value: string | undefined): string | undefined {
  const tidy = tidied(value)
  return tidy === '' ? undefined : `${prefix} ${tidy}`
}

/** A fact is one line, so its text is made short. */
function tidied(value = ''): string {
  return value
    .replace(/^(?:now|actually|also|really|just)\s+/i, '')
    .replace(/[\s,:;.!]+$/, '')
    .replace(
      /[,\s]+(?:now|any ?more|actually|too|as well|by the way|a lot|very much|recently|yesterday|(?:last|this) (?:week|month|year|spring|summer|autumn|winter))$/i,
      '',
    )
    .replace(/[\s,:;.!]+$/, '')
    .trim()
    .slice(0, 160)
}

/** One line for each item of a short list, so that each item can be taken back alone. */
function tastes(verb: 'Likes' | 'Dislikes', value = ''): readonly string[] {
  if (isVague(value)) return []
  const items = tidied(value)
    .split(/,\s*(?:and\s+)?|\s+and\s+|\s+or\s+/)
    .filter((item) => item !== '')
  const lines = items.every((item) => item.split(/\s+/).length <= 3) ? items : [value]
  return lines.flatMap((item) => prefixed(verb, item) ?? [])
}

/** The first word, and those after it that are written like names. */
function properName(text = ''): string {
  const [head = '', ...rest] = tidied(text).split(/\s+/)
  const lower = rest.findIndex((word) => !/^\p{Lu}/u.test(word))
  return [capital(head), ...(lower < 0 ? rest : rest.slice(0, lower))]
    .slice(0, 3)
    .join(' ')
    .replace(/[^\p{L}'.-]+$/u, '')
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const isVague = (what = ''): boolean => /^(?:it|that|this|you|your|how|when|what|the way|them|to know|to ask|to see)\b/i.test(what)

const isNoPossession = (what: string): boolean =>
  / (?:called|named) |\b(?:question|idea|problem|feeling|favou?r|suggestion|minute|second|moment|meeting|request|thought|bit|lot|while)s?\b/i.test(
    what,
  )

const request =
  /^(?:(?:please|hey|ok|okay|also)[\s,]+)*(?:remember|note|make a note|keep in mind|don't forget|do not forget|for later|write down|save (?:this|that))\b(?: that\b| this\b| of\b)?\s*[:,]?\s*(.+)/isu

/** A note that the user wants kept and that is no fact about the user: "remember that the door code is 4711". */
export function noteIn(text: string): string | undefined {
  const note = request.exec(text.replaceAll('’', "'").trim())?.[1]?.trim()
  if (note === undefined || note.endsWith('?') || factsIn(note).length > 0) return undefined
  return `${note.charAt(0).toUpperCase()}${note.slice(1)}`
}
