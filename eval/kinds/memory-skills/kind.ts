import { seedOf } from '../../harness/random.ts'
import { storePassages } from '../../harness/store-passages.ts'
import type { EvalKind } from '../../harness/kind.ts'
import type { Question } from '../../harness/question.ts'
import { factsOf, notesOf, type Fact, type Note } from '../facts.ts'

const eachSkill = 8

/** How each skill is tried: what the agent knows before, what it is told, and where the answer is looked for. */
type Scene =
  | { readonly skill: 'core read' | 'core write' | 'core update'; readonly fact: Fact }
  | { readonly skill: 'archival read' | 'archival write'; readonly note: Note }

export const memorySkills: EvalKind = {
  name: 'memory-skills',
  title: 'Memory skills',
  about:
    'One generated fact at a time: read it from core memory, write it there, replace it when it changes, read it from archival memory, put it there. A write is ' +
    'scored by what the memory holds afterwards, not by what the agent says. After the skills of Letta\'s leaderboard; facts and questions are our own.',
  groupTitle: 'skill',
  scores: ['contained'],
  questions: async ({ seed, most = eachSkill }) => {
    const count = Math.min(most, eachSkill)
    const facts = factsOf(seed, count)
    const notes = notesOf(seed, count)
    return [
      ...(['core read', 'core write', 'core update'] as const).flatMap((skill) => facts.map((fact, index) => questionOf({ skill, fact }, index))),
      ...(['archival read', 'archival write'] as const).flatMap((skill) => notes.map((note, index) => questionOf({ skill, note }, index))),
    ]
  },
  systems: ({ model }) => [
    {
      name: model === 'rules' ? 'rules: the simulated model' : 'agent',
      about: 'an agent with its usual tools',
      ask: (question, arena, run) => {
        const scene = question.scene as Scene
        const known = 'fact' in scene && scene.skill !== 'core write' ? scene.fact.line : ''
        return arena.askAgent({
          question,
          agent: { id: `skill-${seedOf(run)}-${question.id}`, model: arena.modelName, contextWindow: arena.contextWindow, human: known },
          prepare: async (agentId) => {
            if (scene.skill === 'archival read') await storePassages(arena, agentId, [scene.note.text])
          },
          read: async (turn, agentId) => {
            if (scene.skill === 'core write') return blocksOf(agentId)
            if (scene.skill === 'core update') return withoutOld(await blocksOf(agentId), scene.fact)
            if (scene.skill === 'archival write') return (await arena.client.passages(agentId)).map(({ text }) => text).join('\n')
            return turn.replyTexts.join('\n')
          },
        })

        async function blocksOf(agentId: string): Promise<string> {
          return (await arena.client.blocks(agentId)).map(({ value }) => value).join('\n')
        }
      },
    },
  ],
}

function questionOf(scene: Scene, index: number): Question {
  const id = `${scene.skill.replace(' ', '-')}-${index}`
  const asked = 'fact' in scene ? askedOf(scene.skill, scene.fact) : scene.skill === 'archival read' ? scene.note.question : `Remember that ${lowered(scene.note.text)}`
  const expected = 'note' in scene ? scene.note.value : scene.skill === 'core update' ? scene.fact.updated : scene.fact.value
  return { id, group: scene.skill, text: asked, expected: [expected], scene }
}

function askedOf(skill: string, fact: Fact): string {
  if (skill === 'core read') return fact.question
  return skill === 'core write' ? fact.statement : fact.update
}

const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

/** An update that leaves the old fact beside the new one is none. */
function withoutOld(blocks: string, { value }: Fact): string {
  return blocks.includes(value) ? `(the old value ${value} is still there)` : blocks
}
