import type { Migration } from '../../migration.ts'

/** Steps of before have no record of their prompt, and are said to have none. */
export const prompts: Migration<string> = {
  to: 8,
  describe: "what the prompts of an agent's steps have in common, so that each can be made again",
  steps: ['CREATE TABLE prompt_frame (agent TEXT NOT NULL, digest TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (agent, digest))'],
}
