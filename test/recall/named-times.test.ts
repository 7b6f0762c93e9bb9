import { describe, expect, test } from 'vitest'
import { timesNamedIn } from '../../src/recall/named-times.ts'

const askedAt = '2024-02-10T12:00:00.000Z'
/** Days, both inclusive. */
const named = (question: string): readonly string[] =>
  timesNamedIn(question, askedAt).map(({ from, to }) => {
    const last = new Date(Date.parse(to) - 1).toISOString()
    expect([from.slice(10), last.slice(10)]).toEqual(['T00:00:00.000Z', 'T23:59:59.999Z'])
    return from.slice(0, 10) === last.slice(0, 10) ? last.slice(0, 10) : `${from.slice(0, 10)} to ${last.slice(0, 10)}`
  })

describe('the times that a question names', () => {
  test.for([
    ['What did Ann paint on May 13, 2023?', '2023-05-13'],
    ['as mentioned on 8th December, 2023', '2023-12-08'],
    ['the party of the 3rd of June 2022', '2022-06-03'],
    ['taken on December 1,2023', '2023-12-01'],
    ['notes from 2023-05-13', '2023-05-13'],
    ['shown on Sept 3, 2023', '2023-09-03'],
    ['le 1er mai 2023', '2023-05-01'],
    ['2023 May 13', '2023-05-13'],
    ['2023年5月13日に何を話した？', '2023-05-13'],
  ] as const)('%s: a day [recall:search]', ([question, day]) => {
    expect(named(question)).toEqual([day])
  })

  test.for([
    ['What did Ann do in May 2023?', '2023-05-01 to 2023-05-31'],
    ['FEBRUARY 2024', '2024-02-01 to 2024-02-29'],
    ['Was war im März 2023?', '2023-03-01 to 2023-03-31'],
    ['en août 2023', '2023-08-01 to 2023-08-31'],
    ['en mayo de 2023', '2023-05-01 to 2023-05-31'],
    ['the figures of 2023-12', '2023-12-01 to 2023-12-31'],
  ] as const)('%s: a month [recall:search]', ([question, month]) => {
    expect(named(question)).toEqual([month])
  })

  test('without a year it is the latest that had begun when it was asked [recall:search]', () => {
    expect(named('camping in May')).toEqual(['2023-05-01 to 2023-05-31'])
    expect(named('camping in February')).toEqual(['2024-02-01 to 2024-02-29'])
    expect(named('on March 3rd')).toEqual(['2023-03-03'])
    expect(named('am 9. Februar')).toEqual(['2024-02-09'])
    expect(named('on 29 February')).toEqual(['2020-02-29'])
    expect(named('Dec. 3 or Dec 5')).toEqual(['2023-12-03', '2023-12-05'])
    expect(named('den 3. mars')).toEqual(['2023-03-03'])
    expect(named('el 3 de mayo')).toEqual(['2023-05-03'])
    expect(named('in may, en mars')).toEqual(['2023-05-01 to 2023-05-31', '2023-03-01 to 2023-03-31'])
    expect(named('2 may 2023')).toEqual(['2023-05-02'])
  })

  test('several are named each, four of them at the most [recall:search]', () => {
    expect(named('on August 11, August 15 2023')).toEqual(['2023-08-11', '2023-08-15'])
    expect(named('in May or in June or in July or in August or in September')).toHaveLength(4)
    expect(named('in May, May 2023, in May, in May, or in June')).toEqual(['2023-05-01 to 2023-05-31', '2023-06-01 to 2023-06-30'])
  })

  test.for([
    ['What did we do May 3-5, 2021?', '2021-05-03 to 2021-05-05'],
    ['May 3 to 5 2021', '2021-05-03 to 2021-05-05'],
    ['3-5 May 2021', '2021-05-03 to 2021-05-05'],
    ['between 2 and 4 March 2022', '2022-03-02 to 2022-03-04'],
    ['between May 3 and May 5, 2021', '2021-05-03 to 2021-05-05'],
    ['May 31 – June 2, 2021', '2021-05-31 to 2021-06-02'],
    ['from May to July 2023', '2023-05-01 to 2023-07-31'],
    ['from November to February 2023', '2022-11-01 to 2023-02-28'],
    ['from November 2022 to February', '2022-11-01 to 2023-02-28'],
    ['between 3 and 5 March', '2023-03-03 to 2023-03-05'],
    ['in December to January', '2023-12-01 to 2024-01-31'],
    ['2023-05-13 to 2023-05-20', '2023-05-13 to 2023-05-20'],
    ['vom 3. bis 5. Mai 2021', '2021-05-03 to 2021-05-05'],
    ['zwischen dem 3. und 5. Mai 2021', '2021-05-03 to 2021-05-05'],
    ['du 3 au 5 mai 2021', '2021-05-03 to 2021-05-05'],
    ['entre el 3 y el 5 de mayo de 2021', '2021-05-03 to 2021-05-05'],
    ['since May 3 until May 5, 2021', '2021-05-03 to 2021-05-05'],
    ['13 May – 2 June 2022', '2022-05-13 to 2022-06-02'],
    ['le 13 mai - 2 juin 2022', '2022-05-13 to 2022-06-02'],
    ['between May 3 and 5', '2023-05-03 to 2023-05-05'],
    ['between March 10 and 20, 2022', '2022-03-10 to 2022-03-20'],
    ['between May 3 and 5 June 2022', '2022-05-03 to 2022-06-05'],
    ['de janvier à mars 2022', '2022-01-01 to 2022-03-31'],
    ['entre enero y marzo de 2022', '2022-01-01 to 2022-03-31'],
    ['du mois de mai au mois de juillet 2022', '2022-05-01 to 2022-07-31'],
    ['2022年5月3日から2022年5月5日まで', '2022-05-03 to 2022-05-05'],
    ['2022年5月から7月まで', '2022-05-01 to 2022-07-31'],
    ['2022年11月から2月まで', '2022-11-01 to 2023-02-28'],
    ['2022年5月13日から15日までに何をした？', '2022-05-13 to 2022-05-15'],
    ['2022年5月3日到5日', '2022-05-03 to 2022-05-05'],
  ] as const)('%s: a span, with the year that stands at its end [recall:search]', ([question, span]) => {
    expect(named(question)).toEqual([span])
  })

  test.for([
    ['3. Mai, 5. Juni und 7. Juli', ['2023-05-03', '2023-06-05', '2023-07-07']],
    ['on 3 May, 12 June and 4 July 2022', ['2022-05-03', '2022-06-12', '2022-07-04']],
    ['May 3 June 5', ['2023-05-03', '2023-06-05']],
    ['3 May, 9 am', ['2023-05-03']], ['am 3. Mai 10 Uhr', ['2023-05-03']], ['3 May 10:30', ['2023-05-03']], ['May 3, 10:30', ['2023-05-03']],
    ['page 3 May 5, 2022', ['2022-05-05']], ['What on May 3 may they', ['2023-05-03']], ['Chapter 3. May 5', ['2023-05-05']],
    ['13, 14 and 15 May 2022', ['2022-05-13', '2022-05-14', '2022-05-15']],
    ['on the 13th, 14th and 15th of May', ['2023-05-13', '2023-05-14', '2023-05-15']],
    ['am 13., 14. und 15. Mai', ['2023-05-13', '2023-05-14', '2023-05-15']],
    ['13 et 14 mai, 15 et 16 juin', ['2023-05-13', '2023-05-14', '2023-06-15', '2023-06-16']],
    ['2 and 4-6 May', ['2023-05-02', '2023-05-04 to 2023-05-06']], ['chapter 5, 14 May', ['2023-05-14']],
  ] as const)('%s: a number is a day of the month that it stands beside [recall:search]', ([question, days]) => {
    expect(named(question)).toEqual(days)
  })

  test.for(['en marzo y abril', 'en mars et avril', 'in March and april'])('%s: months that are written small count where they are joined to one that is certain [recall:search]', (question) => {
    expect(named(question)).toEqual(['2023-03-01 to 2023-03-31', '2023-04-01 to 2023-04-30'])
  })

  test.for([
    ['2022年5月前后', '2022-05-01 to 2022-05-31'], ['2022年5月13日前後', '2022-05-13'], ['2022年5月前半', '2022-05-01 to 2022-05-31'], ['2022年5月後半', '2022-05-01 to 2022-05-31'],
  ] as const)('%s: about then, or within it, is no bound [recall:search]', ([question, span]) => {
    expect(named(question)).toEqual([span])
  })

  test('a year counts for all dates that are joined to it [recall:search]', () => {
    const [may, june, july] = ['2022-05-01 to 2022-05-31', '2022-06-01 to 2022-06-30', '2022-07-01 to 2022-07-31']
    expect(named('in May and July 2022')).toEqual([may, july])
    expect(named('in May, June or July 2022')).toEqual([may, june, july])
    expect(named('in May 2022 and July')).toEqual([may, july])
    expect(named('In 2022, in May and July')).toEqual([may, july])
    expect(named('May 3 and 5, 2022')).toEqual(['2022-05-03', '2022-05-05'])
    expect(named('3 and 5 May 2022')).toEqual(['2022-05-03', '2022-05-05'])
    expect(named('in May or June')).toEqual(['2023-05-01 to 2023-05-31', '2023-06-01 to 2023-06-30'])
    expect(named('in June, April told me')).toEqual(['2023-06-01 to 2023-06-30'])
    expect(named('on May 3, 5 people came')).toEqual(['2023-05-03'])
  })

  test.for([
    ['in May last year', '2023'], ['in May of last year', '2023'], ['last year in May', '2023'], ['in May this year', '2024'], ['in May two years ago', '2022'], ['10 years ago, in May', '2014'],
    ['in May the year before last', '2022'], ['im Mai letzten Jahres', '2023'], ['im Mai vor zwei Jahren', '2022'], ['vor drei Jahren im Mai', '2021'], ['im Mai des vorletzten Jahres', '2022'],
    ["en mai de l'année dernière", '2023'], ['l’an dernier, en mai', '2023'], ['en mai il y a deux ans', '2022'], ['en mayo del año pasado', '2023'], ['en mayo de hace dos años', '2022'],
  ] as const)('%s: the year is told by when it was asked [recall:search]', ([question, year]) => {
    expect(named(question)).toEqual([`${year}-05-01 to ${year}-05-31`])
  })

  test.for([
    'before June 2022', 'after May 13, 2023', 'since May 2023', 'until June 2022', 'since 2023-05-13', 'before the end of June 2022', 'since early June 2022', 'before May or June 2022', 'May 2023 onwards', 'not in May 2023',
    'vor Juni 2022', 'nach dem 13. Mai 2023', 'seit dem 3. Mai', 'bis Mai 2023', 'avant juin 2022', 'après le 13 mai 2023', 'depuis le 3 mai', 'jusqu’au 13 mai', "jusqu'en mai 2023",
    'antes de junio de 2022', 'después del 13 de mayo de 2023', 'desde mayo de 2023', 'hasta mayo de 2023', '2023年5月13日以降', '2023年5月から', '2023年5月13日前に', '2023年5月まで', '2023年5月から3回', '2023年5月から15日間', 'before the month of May 2023', 'jusqu’au mois de mai 2023', 'in May of the same year', 'in May every year',
    "jusqu'à mai 2023", 'jusqu’à mai 2023', 'ab dem 3. Mai', 'ab Mai 2023', 'à partir de mai 2023', 'à partir du 3 mai', 'a partir de mayo', 'a partir del 3 de mayo', 'from May 5 on', 'from May 5 on, what',
    'vom 3. Mai an', 'no later than May 5', 'by May 2023', 'In 2022, what did I say in May?', 'In May, what did I say in 2022?', "May '23", 'in May ’23', "on May 13 '23", "in May and June '23",
    'in May and June of the same year',
  ])('"%s" names a bound, or no year, and so none: what was said then is not what is asked for [recall:search]', (question) => {
    expect(named(question)).toEqual([])
  })

  test.for([
    ['the week before August 3, 2023', '2023-08-03'], ['zwei Wochen vor dem 3. August 2023', '2023-08-03'], ['the Sunday before 3 August 2023', '2023-08-03'], ['the month before August 3, 2023', '2023-08-03'], ['after the party on August 3, 2023', '2023-08-03'],
  ] as const)('%s: what is told about then counts, though it came before [recall:search]', ([question, day]) => {
    expect(named(question)).toEqual([day])
  })

  test.for([
    ['ab Mai bis Juli 2022', '2022-05-01 to 2022-07-31'], ['à partir de mai jusqu’à juillet 2022', '2022-05-01 to 2022-07-31'], ['Quand veux-tu partir en mai ?', '2023-05-01 to 2023-05-31'],
    ['on May 5 on the beach', '2023-05-05'], ['I moved in 2019. What did I say in May?', '2023-05-01 to 2023-05-31'], ['In May last year, what did I plan for in 2019?', '2023-05-01 to 2023-05-31'],
  ] as const)('%s: what only looks like a bound, or like its year, excludes none [recall:search]', ([question, span]) => {
    expect(named(question)).toEqual([span])
  })

  test('are found quickly in a page that is full of them [recall:search]', () => {
    named('in May')
    const began = performance.now()
    for (const dates of ['May 3 ', 'May ', '3 and 5 May ', 'since May 3 to ', 'last year in May, ', '1, 2, 3 and 4 May ', 'may 3 ', '2023年5月から7月まで', 'in 2023 then in May what ']) named(dates.repeat(10_000 / dates.length))
    expect(performance.now() - began).toBeLessThan(1_000)
  })

  test.for([
    'What may I do?', 'March on!', 'Did April call?', 'May I have 3 of them?', 'the army will march', 'last week', 'two years ago', 'all of 2023', 'version 2023-99', '31 February 2023', '31 February',
    'I may 2 times', 'iPhone 15 may', 'can 5 of us march 2 miles', 'on 5 mars bars', 'may 3rd party apps', 'Chapter 3. May I', 'We won 3! March on', 'Call April. 3 of us came', '2023-02-30', '0099-05-01', 'it may last year after year', 'I may 2-3 times', 'april told june', '', '¿?',
  ])('"%s" names none [recall:search]', (question) => {
    expect(named(question)).toEqual([])
  })
})
