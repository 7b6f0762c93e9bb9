import { invalidArgument } from '../../protocol/errors.ts'

/** How the tasks of Open WebUI begin, as it brings them. What it finds in documents comes in the same form, and is a question of the user. */
const tasks = [
  /^### Task:\s+Generate a (concise|short)\b.{0,60}\btitle\b/,
  /^### Task:\s+Generate \d.{0,10} broad tags\b/,
  /^### Task:\s+Generate a detailed prompt for (a|am|an) image\b/,
  /^### Task:\s+Suggest \d.{0,20} follow-up\b/,
  /^### Task:\s+Analyze the chat history to determine the necessity of\b/,
  /^### Task:\s+You are an autocompletion system\b/,
  /^Your task is to reflect the speaker's likely facial expression through a fitting emoji\b/,
]

/**
 * Front ends ask the model of a chat for a title, tags or the next question. As a message that would stay in the agent's memory for ever.
 * @throws PerdureError `invalid-argument`
 */
export function refuseTask(text: string): void {
  const begin = text.trimStart().slice(0, 200)
  if (!tasks.some((task) => task.test(begin))) return
  throw invalidArgument('this is a task of the front end, such as a title: an agent would remember it, so name another model for tasks in the settings of the front end')
}
