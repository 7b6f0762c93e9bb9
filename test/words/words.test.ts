import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergeRanges } from '../../src/stores/message-numbers.ts'
import { searchedTextOf } from '../../src/stores/message-form.ts'
import { fold } from '../../src/words/fold.ts'
import { occurrencesOf } from '../../src/words/occurrences.ts'
import { formsOf, placesOf, queryFormsOf, queryWordsOf, wordsOf } from '../../src/words/words.ts'

describe('words', () => {
  test('are letters and digits, without case, accents and compatibility forms [words:one-module]', () => {
    expect(wordsOf(`It's user_name: 100 % "Größe", ﬁne ＡＢＣ`)).toEqual(['it', 's', 'its', 'user', 'name', 'username', '100', 'grosse', 'fine', 'abc'])
    expect(wordsOf('STRAẞE Straße')).toEqual(['strasse', 'strasse'])
  })

  test('keep vowel signs, and what the accents of other scripts tell apart [words:one-module]', () => {
    expect(wordsOf('हिन्दी が')).toEqual(['हिन्दी', 'が'])
  })

  test('of scripts without spaces are characters and pairs; a query asks for the pairs', () => {
    expect(wordsOf('東京都 4月')).toEqual(['東', '東京', '京', '京都', '都', '4', '月'])
    expect(queryWordsOf('東京都')).toEqual(['東京', '京都'])
    expect(queryWordsOf('京')).toEqual(['京'])
  })

  test('are emoji too, whatever their skin; a flag is one word', () => {
    expect(wordsOf('party🎉time 👩‍👧 👍🏽')).toEqual(['party', '🎉', 'time', '👩', '👧', '👍'])
    expect(wordsOf('🇩🇪🇫🇷 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}')).toEqual(['🇩🇪', '🇫🇷', '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}'])
  })

  /** Each finds the other: one of the words that the one asks for is among those of the other. */
  test.for([
    ['등대에서 열쇠를 찾았다', '등대'], ['서울 이야기', '서울에서'], ['집에서 쉬었다', '집'],
    ['東京タワー', '東京'], ['ฉันอยู่ที่ประภาคาร', 'ประภาคาร'], ['ＡＢＣ', 'abc'], ['ﾃｽﾄ', 'テスト'],
    ['مُحَمَّد', 'محمد'], ['كـــتاب', 'كتاب'], ['أحمد', 'احمد'], ['شَلوم ١٢٣', '123'], ['می\u200cخواهم', 'میخواهم'], ['שָׁלוֹם', 'שלום'],
    ['Łódź', 'lodz'], ['Ørsted', 'orsted'], ['Đorđe', 'dorde'], ['Æsir', 'aesir'], ['œuvre', 'oeuvre'], ['ISTANBUL', 'ıstanbul'], ['İzmir', 'izmir'], ['ΟΔΟΣ', 'οδός'], ['зелёный', 'зеленый'],
    ['ex\u00adam\u200bple', 'example'], ['\ufeffword', 'word'],
    ['1,000,000 coins', '1000000'], ['1.000.000', '1,000,000'], ['1\u202f000', '1000'], ["1'000", '1000'], ['12,34,567', '1234567'],
    ['user_name', 'user name'], ['userName', 'user_name'], ['getHTTPResponse', 'get_http_response'], ['src/words/fold.ts', 'fold.ts'], ['приветМир', 'мир'],
    ['ｶﾞｽ', 'ガス'], ['ｳﾞｧｲｵﾘﾝ', 'ヴァイオリン'], ['ﾊﾟﾝ', 'パン'], ['か゛', 'が'], ['は\uff9f', 'ぱ'],
    ['Hawaiʻi', 'Hawaii'], ['Hawaiʻi', "Hawai'i"], ['Hawai‘i', 'Hawaiʻi'], ['Qurʾān', 'Quran'], ['Kaʿba', "Ka'ba"], ['O´Brien', "O'Brien"], ['can`t', 'can’t'], ['O′Brien', 'obrien'],
    ['צה״ל', 'צה"ל'], ['צה"ל', 'צהל'], ['ז׳בוטינסקי', "ז'בוטינסקי"], ['col·lecció', 'colleccio'], ['col·lecció', 'col-lecció'],
    ['e-mail', 'email'], ['don’t', "don't"], ['don’t', 'dont'], ['follow‑up', 'follow-up'], ['2026-01-31', '20260131'],
  ] as const)('of "%s" and of "%s" meet [recall:search, archival:insert-search]', ([one, other]) => {
    for (const [text, query] of [[one, other], [other, one]] as const) {
      const words = new Set(wordsOf(`before ${text} behind`))
      expect(queryWordsOf(query).some((word) => words.has(word)), `${query} in ${text}`).toBe(true)
    }
  })

  test.for([
    ['昨日、猫を病院に連れて行きました。', '猫の名前は?'], ['うちには犬が二匹います。', '犬を飼っていますか'], ['妻は看護師として働いています。', '妻の仕事は何ですか'], ['先月、新しく車を買いました。', '車は何色?'],
    ['鳥を飼う', '何か飼っている?'], ['お茶が好き', '茶は好き?'],
    ['猫今天又生病了', '我的猫怎么样了'], ['他家养了一条狗。', '狗叫什么名字'], ['我每天早上喝茶。', '我喜欢什么茶?'], ['我買了車', '他有車嗎'],
    ['작년에 서울에 집을 샀어요.', '집이 어디에 있나요?'], ['어제 차를 고쳤어요.', '차는 무슨 색이야?'], ['매일 아침 약을 먹어요.', '약은 언제 먹지?'],
  ] as const)('of "%s" and of the question "%s" meet in a word of one character [recall:search, archival:insert-search]', ([text, query]) => {
    const words = new Set(wordsOf(text))
    expect(queryWordsOf(query).filter((word) => Array.from(word).length === 1 && words.has(word))).not.toEqual([])
  })

  test.for(['病院はどこ', '首都', '和平', '现在在哪里', '나이', '나이가 어떻게 되세요', '회의', '바나나 먹고 싶어요', 'いつ行った?', '是什么', '너는 언제 왔어', '회의 언제야', '회의 시간이 언제야', '서울 지도', '시험 결과', '강의 어땠어', '오늘 온도', '인도 여행', '대만 여행', '종이 어디', '높이 얼마야', '휴가 언제야'])('of the question "%s" are of two characters at least where none of one tells anything [recall:search]', (query) => {
    expect(queryWordsOf(query).filter((word) => Array.from(word).length === 1)).toEqual([])
  })

  test('of one character are found quickly in a long question', () => {
    const began = performance.now()
    for (const word of ['집이 ', '我的猫怎么样了,', '猫の']) queryWordsOf(word.repeat(2_000))
    expect(performance.now() - began).toBeLessThan(2_000)
  })

  test('of a number in groups are the number alone for a question: its groups stand in many numbers', () => {
    expect(queryWordsOf('1,000,000')).toEqual(['1000000'])
    expect(wordsOf('1,000')).toEqual(['1', '000', '1000'])
    expect(queryWordsOf('3.14')).toEqual(['3', '14'])
  })

  test('stand where they stand in the text, whatever is folded before them', () => {
    const text = 'Größe ﬁne ex\u00adample: Zweitschlüssel, camelCase'
    for (const [word, there] of [['zweitschlussel', 'Zweit'], ['example', 'ex\u00ad'], ['case', 'Case'], ['camelcase', 'camel']] as const) {
      expect(placesOf(text, new Set([word])), word).toEqual([{ word, at: text.indexOf(there) }])
    }
  })

  test('of a query come once, and none of punctuation alone', () => {
    expect(queryWordsOf('cat CAT cät dog')).toEqual(['cat', 'dog'])
    expect(queryWordsOf('"*% _.?!')).toEqual([])
  })

  test.for([
    ['What did the heron eat?', ['heron', 'eat']], ["I don't know what's up with Ada's heron", ['know', 'ada', 'adas', 'heron']], ['Was hat der Reiher in der Stadt gegessen?', ['reiher', 'stadt', 'gegessen']],
    ['Qu’est-ce que le héron a mangé dans la ville ?', ['heron', 'mange', 'ville']], ['¿Qué comió la garza en la ciudad?', ['comio', 'garza', 'ciudad']], ['dog food', ['dog', 'food']], ['the dog man', ['dog', 'man']],
    ['To be or not to be', ['to', 'be', 'or', 'not']], ['東京 the', ['東京']],
  ] as const)('of the question "%s" are those that say what it is about, unless there are no others [recall:search]', ([query, words]) => {
    expect(queryWordsOf(query)).toEqual(expect.arrayContaining([...words]))
    expect(queryWordsOf(query).filter((word) => ['the', 'der', 'hat', 'que', 'la', 'did', 'dont', 'whats'].includes(word))).toEqual([])
  })

  test.for([
    ['Birthday in May 2023', ['birthday', 'may', '2023']], ['What did Will say about the wedding?', ['will', 'say', 'wedding']], ["When is Will's wedding?", ['will', 'wills', 'wedding']],
    ['What does IT cost', ['it', 'cost']], ['US visa', ['us', 'visa']], ['What Is The Heron', ['heron']], ['WHAT IS THE HERON', ['heron']], ['heron AND NOT walrus, I think', ['heron', 'walrus', 'think']],
    ['What is it? Will you say so about the heron', ['say', 'heron']], ['Que dit Will', ['que', 'dit', 'will']], ['Wo haben Sie die Katze gesehen?', ['katze', 'gesehen']],
    ['Wann hat Anna Geburtstag?', ['anna', 'geburtstag']], ['Wo ist die Katze?', ['katze']], ['Wo ist sie', ['wo', 'ist', 'sie']], ['red hat', ['red', 'hat']], ['home come', ['home', 'come']],
  ] as const)('of "%s" that are written as names are asked for; other stop words of its language are not [recall:search, archival:insert-search]', ([query, words]) => {
    expect(queryWordsOf(query)).toEqual(words)
  })

  test.for([
    ['She was researching adoption agencies', 'What did she research about an agency?'], ['Die Katzen schliefen in der Küche', 'Wo ist die Katze in der Küche?'], ['Les chevaux ont mangé dans la forêt', 'Qu’est-ce que le cheval mangeait dans la forêt ?'],
    ['Meine Katzen schlafen', 'Wo ist die Katze?'], ['Los niños cantaban en la casa', '¿Qué cantó el niño en la casa?'],
  ] as const)('of "%s" and of "%s" have stems in common, by their language [recall:search]', ([text, query]) => {
    const forms = new Set(formsOf(text))
    expect(queryFormsOf(query).filter(({ word, stem }) => !forms.has(word) && stem !== undefined && forms.has(stem)).length).toBeGreaterThan(0)
  })

  test('of scripts without stems here, numbers and stop words are themselves alone [recall:search]', () => {
    expect(formsOf('東京 Привет 2026 was 🎉')).toEqual([...new Set(wordsOf('東京 Привет 2026 was 🎉'))])
    expect(queryFormsOf('ночи 2026')).toEqual([{ word: 'ночи' }, { word: '2026' }])
  })

  test('stand in a text by their stems too', () => {
    expect(placesOf('She was painting', new Set(['paint']))).toEqual([{ word: 'paint', at: 8 }])
  })

  test('of any query are among the words of a text that contains it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (query, other) => {
        const words = new Set(wordsOf(`${other} ${query} ${other}`))
        expect(queryWordsOf(query).filter((word) => !words.has(word))).toEqual([])
      }),
    )
  })

  test('never hold a quote, a space or an operator', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => ![...wordsOf(text), ...formsOf(text)].some((word) => /[\s"'*:()^-]/u.test(word))))
  })

  test('searched of a message are those of its reply, else of its text', () => {
    expect(searchedTextOf({ text: 'sent', reply: 'hello' })).toBe('hello')
    expect(searchedTextOf({ text: 'thought' })).toBe('thought')
  })
})

describe('a text within another one', () => {
  test('is found letter for letter, each time that it stands there', () => {
    expect(occurrencesOf('tea', 'tea, tea')).toEqual([{ start: 0, end: 3 }, { start: 5, end: 8 }])
    expect(occurrencesOf('aa', 'aaa')).toEqual([{ start: 0, end: 2 }])
    expect(occurrencesOf('', 'tea')).toEqual([])
  })

  test.for([
    ["it's", 'it’s'], ["Hawai'i", 'Hawaiʻi'], ['"tea"', '“tea”'], ['a - b', 'a – b'], ['a b', 'a\u00a0b'], ['Zoe\u0308', 'Zoë'], ['soft', 'so\u00adft'], ['zero', 'ze\u200bro'], ['wait...', 'wait…'], ['ABC: 1', 'ＡＢＣ：　1'],
    ['two\nlines', 'two\r\nlines'], ['한', '\u1112\u1161\u11ab'],
    ['a b', 'a \t b'], ['"tea"', '«tea»'], ['fine', 'ﬁne'], ['ガギ', 'ｶﾞｷﾞ'],
  ] as const)('is found where it is written with other signs: %j in %j [core:append-replace]', ([one, other]) => {
    for (const [text, value] of [[one, other], [other, one]] as const) {
      expect(occurrencesOf(text, `x ${value} y`), text).toEqual([{ start: 2, end: 2 + value.length }])
    }
  })

  test('is no other word, and no part of a letter', () => {
    expect(occurrencesOf('cafe', 'café')).toEqual([])
    expect(occurrencesOf('Tea', 'tea')).toEqual([])
    expect(occurrencesOf('..', 'wait…')).toEqual([])
    expect(occurrencesOf('\u200b', 'tea')).toEqual([])
  })
})

describe('the plain form', () => {
  test('of a plain form is itself for what is written in letters', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', 'É', 'ß', 'İ', 'ς', 'Σ', 'й', 'ｱ', 'が', '한', 'أ', 'ـ', '\u0301', '\u00ad', '٣', 'Ł') }), (text) => {
      expect(fold(fold(text))).toBe(fold(text))
    }))
  })
})

describe('ranges', () => {
  test('that overlap, touch or come in any order become the fewest ones', () => {
    expect(mergeRanges([[8, 9], [1, 3], [2, 5], [6, 6], [20, 19]])).toEqual([[1, 6], [8, 9]])
    expect(mergeRanges([])).toEqual([])
  })
})
