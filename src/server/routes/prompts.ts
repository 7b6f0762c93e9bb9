import { stepPrompt } from '../answers/prompt.ts'
import { agentErrors, route } from '../route.ts'

/** What is no number the client refuses in its own words. */
const numbered = (text: string): number => (/^\d+$/.test(text) ? Number(text) : Number.NaN)

export const promptRoutes = [
  route({
    method: 'GET',
    path: '/agents/{agent}/prompts/{turn}/{step}',
    operation: 'prompt',
    summary: 'The exact prompt of a step, by the numbers of its turn and of the step in it: made again of what is stored, and checked by the digest that the step has kept.',
    scope: 'memory:read',
    methods: ['prompt'],
    answer: stepPrompt,
    errors: [...agentErrors, 'prompt-unknown'],
    handle: ({ client, path }) => client.prompt(path.agent, { turn: numbered(path.turn), step: numbered(path.step) }),
  }),
]
