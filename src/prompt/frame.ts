import { createHash } from 'node:crypto'
import type { ModelTool } from '../model/model.ts'
import type { PromptFrame } from '../stores/prompt-frames.ts'
import { memoryInstructions } from './instructions.ts'

/** What of a prompt has no version of its own, as it comes with a build of the worker, or with a message. */
export interface FrameContent {
  readonly memoryInstructions: string
  readonly tools: readonly ModelTool[]
}

export function frameOf(tools: readonly ModelTool[]): PromptFrame {
  const content: FrameContent = { memoryInstructions, tools }
  const body = JSON.stringify(content)
  return { digest: createHash('sha256').update(body).digest('base64url').slice(0, 22), body }
}

export const frameContent = ({ body }: Pick<PromptFrame, 'body'>): FrameContent => JSON.parse(body) as FrameContent
