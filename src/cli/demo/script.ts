/**
 * What the scripted user of the demonstration says. Who asks for what came *first* gets no answer from a summary: the simulated
 * model looks it up.
 */
export const script = {
  introduction: 'Hello! My name is Ada, and I live in Lisbon.',
  correction: 'By the way, I live in Porto now.',
  note: 'Remember that the key of the boathouse hangs behind the blue clock.',
  archivalQuestion: 'Where did the key of the boathouse hang originally?',
  recallQuestion: 'What did I first say about the lighthouse keeper?',
  beforeKill: 'What is my name?',
} as const

const stops: readonly (readonly [place: string, weather: string, event: string])[] = [
  ['the cape', 'wind from the sea all day', 'The lighthouse keeper there sings to the whales every evening'],
  ['the salt ponds', 'a white and windless heat', 'Two boys raced their bicycles along the dikes until it was dark'],
  ['the cork woods', 'rain in the morning, mist afterwards', 'A woodcutter showed us how the bark is peeled without hurting the tree'],
  ['the old ferry', 'low clouds', 'The ferryman counts his passengers aloud and always arrives at one too many'],
  ['the market town', 'sun between short showers', 'A bookseller gave us a map on which half of the villages are invented'],
  ['the chapel on the hill', 'cold and clear', 'The bell rang by itself twice, and nobody in the village found that strange'],
  ['the river mouth', 'fog that would not lift', 'We waited four hours for a heron to move, and it never did'],
  ['the railway bridge', 'a sky like slate', 'The engine driver stopped in the middle so that we could take a picture'],
]

/** One day of a travel diary, long enough that a few of them fill a small context window. */
export function diaryEntry(day: number): string {
  const [place, weather, event] = stops[day % stops.length] ?? ['home', 'no weather', 'Nothing happened']
  return (
    `Diary of the walk, day ${day + 1}: we came to ${place}. The weather was ${weather}. ${event}. ` +
    `The path between day ${day + 1} and the next one follows the coast for ${9 + ((day * 7) % 11)} kilometres, first over sand and then over stones, ` +
    'with a spring halfway where everybody fills their bottles. In the evening there was soup, bread and a long talk about routes, boots and ' +
    `blisters; somebody played the accordion until ${9 + (day % 3)} o'clock, and the dogs of the house slept under the table the whole time.`
  )
}
