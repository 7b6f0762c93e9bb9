/*
 * Words of one character. A text has each of its characters and each pair of them; a question that asks for pairs alone never finds 猫 by 猫の名前は. That a
 * character of a question is a word is taken from what stands around it, so that 病院 does not ask for all that is 病.
 */

/** Characters that tell nothing: pronouns, question words, particles, auxiliaries. */
const ordinary = new Set(
  Array.from(
    `我你您他她它咱们們这這那哪谁誰什么麼怎样樣几幾多少何啥吗嗎呢吧啊呀嘛哦的地得了着著过過是在有没沒不也都就还還又很太最更被把给給对對从從到向往为為以于於之其个個和与與跟或但而且所只可要会會能想让讓叫说說问問去来來做用里裡裏上下中前后後现現
    私俺僕君彼此事物時所様方達等今一二三四五六七八九十年月日号號人行見言思出入知分`.replaceAll(/\s/g, ''),
  ),
)
/** What the dictionary takes for one word with the word beside it. */
const [leading, trailing] = [/^[我你您他她它](?=.$)/u, /(?<=^.)[叫有是在]$/u]

let dictionary: Intl.Segmenter | undefined

/** The words of one ideograph in a run of letters of scripts that write no spaces, without those that tell nothing. */
export function singleIdeographsIn(run: string): readonly string[] {
  if (!/\p{sc=Han}/u.test(run)) return []
  dictionary ??= new Intl.Segmenter('zh', { granularity: 'word' })
  const words = Array.from(dictionary.segment(run), ({ segment }) => segment.replace(leading, '').replace(trailing, ''))
  const amongKana = kana.test(run) ? (run.match(single) ?? []) : []
  return [...new Set([...words, ...amongKana])].filter((word) => ideograph.test(word) && !ordinary.has(word))
}
const kana = /[\p{sc=Hira}\p{sc=Kana}]/u
/** Verbs have their meaning in one, too, whatever their endings: 飼う, 飼って. */
const single = /(?<!\p{sc=Han})\p{sc=Han}(?!\p{sc=Han})/gu
const ideograph = /^\p{sc=Han}$/u

/** Syllables that tell nothing: pronouns, question words, and what verbs of every sentence begin with. */
const ordinarySyllables = new Set('나너저내네제그이우누뭐왜어언안못더잘좀또수것거때데하되있없가오많좋같')
/** Behind a syllable that ends in a consonant, behind one that ends in a vowel, behind both. Others (`의`, `도`, `과`, `만`) end as many nouns: 회의, 지도, 결과, 대만. */
const [behindConsonants, behindVowels, behindBoth] = [new Set('은이을'), new Set('는가를와'), new Set('에')]
/** They only seem to have a particle. */
const wholeWords = new Set('종이 높이 길이 깊이 넓이 놀이 먹이 풀이 송이 둘이 굳이 휴가 화가 추가 요가 대가 작은 높은 깊은 넓은 낮은 젊은 늙은'.split(' '))

/** The noun of one syllable in a Korean word of two, where the second is a particle that may follow it: 집 in 집이, and none in 나이. */
export function singleSyllableIn(word: string): string | undefined {
  const [noun, particle, more] = word
  if (noun === undefined || particle === undefined || more !== undefined || ordinarySyllables.has(noun) || wholeWords.has(word)) return undefined
  const endsInConsonant = (noun.charCodeAt(0) - firstSyllable) % endings !== 0
  return behindBoth.has(particle) || (endsInConsonant ? behindConsonants : behindVowels).has(particle) ? noun : undefined
}
const firstSyllable = 0xac00
/** Consonants in which a syllable may end, or none: the syllables stand in this order. */
const endings = 28
