import type { FaultGroup } from '../row.ts'

export const model: FaultGroup = {
  heading: 'The model misbehaves',
  about: "An endpoint with OpenAI's protocol that answers wrongly, late or not at all.",
  rows: [],
}
