import { LongText } from '../parts/long-text.tsx'
import { shown } from '../parts/shown.ts'
import { nameOf, wordsOf, type Field } from './fields.ts'

/** So many characters and more take a row of their own. */
const longFact = 40

/** Fields as they are, for whoever reads them. Those that say nothing stand together at the end. */
export function Facts({ fields }: { readonly fields: readonly Field[] }) {
  const silent = fields.filter(({ kind, optional, text }) => kind !== 'flag' && optional === true && text === '')
  return (
    <>
      <dl class="facts">
        {fields.filter((field) => !silent.includes(field)).map((field) => (
          <div key={nameOf(field)} class={`is-${field.kind}${field.text.length > longFact ? ' is-long' : ''}`}>
            <dt>{field.label}</dt>
            <dd>
              <Fact {...field} />
            </dd>
          </div>
        ))}
      </dl>
      {silent.length > 0 && <p class="muted">Not set: {silent.map(({ label }) => label.toLowerCase()).join(', ')}.</p>}
    </>
  )
}

function Fact({ kind, text }: Field) {
  if (kind === 'flag') return <>{text === '' ? 'no' : 'yes'}</>
  if (text === '') return <span class="muted">nothing</span>
  if (kind === 'number') return <>{Number(text).toLocaleString('en', { maximumFractionDigits: 6 })}</>
  if (kind === 'json') return <LongText text={text} code />
  if (kind === 'text') return <LongText text={text} />
  if (kind === 'words') return <>{wordsOf(text).map((word) => <span key={word} class="word" dir="auto">{shown(word)}</span>)}</>
  return <span dir="auto">{shown(text)}</span>
}
