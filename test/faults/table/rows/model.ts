import { notAtStake, type FaultGroup, type FaultRow } from '../row.ts'

type Told = Pick<FaultRow, 'id' | 'fault' | 'whatHappens' | 'notProven' | 'cells'> & { readonly title: string }

/** No tool outside is at stake in any of these. */
const rowsOf = (file: string, told: readonly Told[]): readonly FaultRow[] =>
  told.map(({ title, cells, ...row }) => ({ ...row, test: { file, title }, stores: 'embedded', cells: { effects: notAtStake, ...cells } }))

const byPerson = { usable: 'once a person has acted and said `resume`' }

const errors = rowsOf('model-errors.test.ts', [
  {
    id: 'model-429-told',
    fault: '429 with `Retry-After`',
    whatHappens: 'it is asked again after that time, and not before; the turn completes',
    title: 'with 429 and how long to wait is asked again after that, and not before',
    notProven: 'a wait of hours, or a date instead of seconds; a day is the most that is believed',
  },
  {
    id: 'model-429',
    fault: '429 without a word of how long',
    whatHappens: 'it is asked again after 1, 2, 4, 8 seconds; the turn completes',
    title: 'with 429 and no word of how long is asked again a little later each time',
    notProven: 'many agents at one endpoint that limits them together',
  },
  {
    id: 'model-5xx',
    fault: '500, then 503',
    whatHappens: 'it is asked again; the turn completes',
    title: 'with 500, then 503, is asked again',
    notProven: 'whether the provider charges for a request that failed on its side',
  },
  {
    id: 'model-5xx-long',
    fault: '500 for longer than a step tries (five times, 15 seconds)',
    whatHappens: 'the turn is parked as `model-error`, and goes on by itself',
    title: 'longer than a step tries parks the turn by name, which goes on by itself',
    notProven: 'an outage of hours: the pauses between two tries grow to 15 minutes, and `resume` cuts one short; from the seventh on the reason says how often it was tried',
  },
  {
    id: 'model-401',
    fault: '401',
    whatHappens: 'the turn is parked as `model-refused` after one request, the key is in no text; a person mends it and resumes',
    title: 'with 401 parks the turn until a person has put the key right',
    cells: byPerson,
    notProven: "that the detail says which key: it shows the endpoint's own words, without the key",
  },
  {
    id: 'model-402',
    fault: '402',
    whatHappens: 'the turn is parked as `model-refused` after one request; a person pays and resumes',
    title: 'with 402 parks the turn until a person has paid',
    cells: byPerson,
    notProven: 'the providers themselves, whose words under other statuses `test/model/classify.test.ts` has as they and their users have published them',
  },
  {
    id: 'model-quota',
    fault: '429 with `insufficient_quota`',
    whatHappens: 'as 402: waiting would not help, so it is not asked again',
    title: 'with 429 for an empty credit parks the turn, and is not asked again in vain',
    cells: byPerson,
    notProven: 'a provider that says so in words that are not known here: it is asked again, or parks as a refused request',
  },
  {
    id: 'model-reset',
    fault: 'a connection reset in the middle of the body',
    whatHappens: 'it is asked again; the turn completes',
    title: 'by a connection reset in the middle of the body is asked again',
    notProven: 'what the first answer cost: it is paid for at the provider, and not in our figures',
  },
  {
    id: 'model-silent',
    fault: 'not one byte',
    whatHappens: 'the request is given up after its time limit (10 minutes, in the test 5 seconds), and made again',
    title: 'by saying nothing at all is given up after the time limit, and asked again',
    notProven: 'the real limit of 10 minutes',
  },
  {
    id: 'model-trickle',
    fault: 'a body that trickles for ever',
    whatHappens: 'as silence: the time limit covers the body',
    title: 'by a body that trickles for ever is given up after the time limit, and asked again',
    notProven: 'the real limit of 10 minutes, as above',
  },
  {
    id: 'model-endless',
    fault: 'a body without an end, at full speed',
    whatHappens: 'it is cut off at `modelAnswerBytes`; the turn is parked as `model-error` with that size in its detail, and goes on by itself',
    title: 'by a body without an end is cut off, and the park names its size',
    notProven: 'going on by itself, which the row of 500 shows: here the test says `resume`',
  },
  {
    id: 'model-html',
    fault: 'a web page, as 200 and as 502',
    whatHappens: 'it is asked again; the page is no part of the conversation',
    title: 'by answering with a web page is asked again',
    notProven: 'a page for ever, as from a wrong base URL: the turn is then parked as `model-error`, which names the base URL',
  },
  {
    id: 'model-truncated',
    fault: 'JSON that breaks off',
    whatHappens: 'it is asked again; the turn completes',
    title: 'by JSON that breaks off is asked again',
    notProven: 'what the first answer cost',
  },
  {
    id: 'model-no-choice',
    fault: 'an answer without any choice',
    whatHappens: 'it is asked again; the turn completes',
    title: 'by an answer without any choice is asked again',
    notProven: 'what the first answer cost',
  },
  {
    id: 'model-redirects',
    fault: 'redirects in a circle',
    whatHappens: 'after three of them it counts as a failure of the server, and the request is made again',
    title: 'by redirecting in a circle is asked again',
    notProven: 'redirects to other hosts, which get the conversation, and not the key',
  },
  {
    id: 'model-overflow',
    fault: 'the prompt is too long, in four wordings',
    whatHappens: 'the context is compacted, and the step tried once more; the message has one turn',
    title: 'by a prompt that it finds too long, in any of the usual words, gets a shorter one, and the message is handled once',
    notProven: 'wordings that are in no list of ours: such an answer parks the turn as `model-refused`',
  },
  {
    id: 'model-overflow-always',
    fault: 'the prompt is too long, however short it is',
    whatHappens: 'the turn is parked as `context-overflow`, with the sizes of its parts and what to do',
    title: 'by a prompt that it finds too long however short parks the turn, and says what a person can do',
    cells: byPerson,
    notProven: 'that a person finds the part that can be shortened',
  },
  {
    id: 'model-content-type',
    fault: 'the right answer under a wrong content type',
    whatHappens: 'it is read',
    title: 'by the wrong content type only has its answer read',
    notProven: 'other character sets than UTF-8',
  },
])

const replies = rowsOf('model-replies.test.ts', [
  {
    id: 'model-empty',
    fault: 'an empty message, without calls',
    whatHappens: 'the model is told that nobody got it, and has another step; each one is paid for',
    title: 'by an empty message is told that nobody got it, and has another step',
    notProven: 'an empty message for ever: see text instead of calls',
  },
  {
    id: 'model-text',
    fault: 'text instead of calls, always',
    whatHappens: 'after three steps the turn is stopped as `no-tool-call`, and says so',
    title: 'by text where a call is due is told so, a bounded number of times; then the turn is stopped and says why',
    notProven: 'that the text would have been the answer; it is in recall memory',
  },
  {
    id: 'model-unknown-tool',
    fault: 'a call of a tool that there is not',
    whatHappens: 'its result says which tools there are; the model has another step',
    title: 'by calling tools that there are not reads which there are',
    notProven: 'that a model learns of it',
  },
  {
    id: 'model-unknown-tools',
    fault: 'such calls, always',
    whatHappens: 'after three steps the turn is stopped as `malformed-calls`',
    title: 'by calling tools that there are not, again and again, has its turn stopped by name',
    notProven: 'malformed calls in turn with well-formed ones, which the budget of steps ends',
  },
  {
    id: 'model-broken-json',
    fault: 'arguments that are no JSON',
    whatHappens: 'its result says what is wrong; the model has another step',
    title: 'by arguments that are no JSON reads what is wrong with them',
    notProven: 'that nothing could be rescued of them: no guess is made',
  },
  {
    id: 'model-large-arguments',
    fault: 'arguments of a megabyte',
    whatHappens: 'the call is not run; its result names the limit, and the turn goes on',
    title: 'by arguments of a megabyte reads how much they may be, and the turn goes on',
    notProven: 'a window so small that even the refused call has no place in it',
  },
  {
    id: 'model-many-calls',
    fault: '500 calls in one answer',
    whatHappens: 'each call that is kept has one result; the turn goes on',
    title: 'by 500 calls in one answer has a result for each of those that are kept, and the turn goes on',
    notProven: 'as many calls of tools outside, each of which is an activity',
  },
  {
    id: 'model-same-ids',
    fault: 'one id for several calls',
    whatHappens: 'ids of our own tell them apart; each has its own result',
    title: 'by giving several calls one id has each answered by its own result',
    notProven: 'a provider that insists on its own ids in the next request',
  },
])

export const model: FaultGroup = {
  heading: 'The model misbehaves',
  about:
    "An endpoint with OpenAI's protocol, over real HTTP through the real client, that answers wrongly, late or not at all. The worker is in the test's own process, as none has to die.",
  rows: [...errors, ...replies],
}
