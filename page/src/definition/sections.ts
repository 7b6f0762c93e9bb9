import type { AgentDefinition } from '../../../clients/typescript/src/index.ts'
import type { Field } from './fields.ts'

export interface SectionOfFields {
  readonly name: string
  readonly title: string
  /** What it is for. */
  readonly note?: string
  readonly fields: readonly Field[]
}

const number = (value: number | undefined): string => (value === undefined ? '' : String(value))
const json = (value: object | undefined): string => (value === undefined ? '' : JSON.stringify(value, null, 2))
const dollars = (micros: number | undefined): string => (micros === undefined ? '' : String(micros / 1e6))

export function whoItIs({ name = '', description = '', tags = [], metadata }: AgentDefinition): SectionOfFields {
  return {
    name: 'who',
    title: 'Who it is',
    note: 'For people and programs; its model sees none of it.',
    fields: [
      { path: ['name'], label: 'Shown as', kind: 'line', text: name, optional: true },
      { path: ['description'], label: 'Description', kind: 'text', text: description, optional: true },
      { path: ['tags'], label: 'Tags', kind: 'words', text: tags.join(', '), optional: true, note: 'With commas between.' },
      { path: ['metadata'], label: 'Metadata', kind: 'json', text: json(metadata), optional: true, note: 'A JSON object of your own.' },
    ],
  }
}

export function modelOf({ model, contextWindow, sampling = {}, pressure }: AgentDefinition): SectionOfFields {
  const { temperature, topP, seed, reasoningEffort = '', maxOutputTokens, extra } = sampling
  return {
    name: 'model',
    title: 'Model and window',
    fields: [
      { path: ['model'], label: 'Model', kind: 'line', text: model, note: 'As its endpoint calls it.' },
      { path: ['contextWindow'], label: 'Context window', kind: 'number', text: number(contextWindow), note: 'Tokens of prompt and answer together.' },
      { path: ['pressure', 'warning'], label: 'Warn above', kind: 'number', text: number(pressure.warning), note: 'Share of the window.' },
      { path: ['pressure', 'flush'], label: 'Compact above', kind: 'number', text: number(pressure.flush), note: 'Share of the window.' },
      { path: ['pressure', 'evict'], label: 'Take out', kind: 'number', text: number(pressure.evict), note: 'Share of the messages.' },
      { path: ['sampling', 'temperature'], label: 'Temperature', kind: 'number', text: number(temperature), optional: true },
      { path: ['sampling', 'topP'], label: 'Top-p', kind: 'number', text: number(topP), optional: true },
      { path: ['sampling', 'seed'], label: 'Seed', kind: 'number', text: number(seed), optional: true },
      { path: ['sampling', 'reasoningEffort'], label: 'Reasoning effort', kind: 'line', text: reasoningEffort, optional: true, note: 'A word, like low.' },
      { path: ['sampling', 'maxOutputTokens'], label: 'Longest answer', kind: 'number', text: number(maxOutputTokens), optional: true, note: 'Tokens.' },
      { path: ['sampling', 'extra'], label: 'Further fields of each request', kind: 'json', text: json(extra), optional: true, note: 'A JSON object in the endpoint’s own words.' },
    ],
  }
}

export function instructionsOf({ instructions, instructionsEditable }: AgentDefinition): SectionOfFields {
  return {
    name: 'instructions',
    title: 'Instructions',
    note: 'They come after those that explain its memory.',
    fields: [
      { path: ['instructions'], label: 'Instructions of its own', kind: 'text', text: instructions },
      { path: ['instructionsEditable'], label: 'The agent may rewrite them', kind: 'flag', text: instructionsEditable ? 'yes' : '' },
    ],
  }
}

export function budgetsOf({ budget, agentBudget = {} }: AgentDefinition): SectionOfFields {
  return {
    name: 'budgets',
    title: 'Budgets',
    note: 'A turn that reaches one ends; an agent that reaches one parks until it is raised.',
    fields: [
      { path: ['budget', 'steps'], label: 'Steps of a turn', kind: 'number', text: number(budget.steps) },
      { path: ['budget', 'tokens'], label: 'Tokens of a turn', kind: 'number', text: number(budget.tokens) },
      { path: ['budget', 'dollars'], label: 'Dollars of a turn', kind: 'number', text: dollars(budget.costMicros), optional: true },
      { path: ['budget', 'malformedSteps'], label: 'Malformed steps in a row', kind: 'number', text: number(budget.malformedSteps) },
      { path: ['budget', 'identicalSteps'], label: 'Identical steps in a row', kind: 'number', text: number(budget.identicalSteps) },
      { path: ['agentBudget', 'tokens'], label: 'Tokens of its whole life', kind: 'number', text: number(agentBudget.tokens), optional: true },
      { path: ['agentBudget', 'dollars'], label: 'Dollars of its whole life', kind: 'number', text: dollars(agentBudget.costMicros), optional: true },
    ],
  }
}
