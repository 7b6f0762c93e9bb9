/** How the tasks of Open WebUI begin, as it brings them. What it finds in documents comes in the same form, and is a question of the user. */
const tasks = [
  /^### Task:\s+Generate a (concise|short)\b.{0,60}\btitle\b/,
  /^### Task:\s+Generate \d.{0,10} broad tags\b/,
  /^### Task:\s+Generate a detailed prompt for (a|am|an) image\b/,
  /^### Task:\s+Suggest \d.{0,20} follow-up\b/,
  /^### Task:\s+Analyze the chat history to determine the necessity of\b/,
  /^### Task:\s+You are an autocompletion system\b/,
  /^Your task is to reflect the speaker's likely facial expression through a fitting emoji\b/,
  // LibreChat's, for titles.
  /^(Please generate|Provide) a concise, 5-word-or-less title\b/,
]

/** Front ends ask the model of a chat for a title, tags or the next question. As a message that would stay in the agent's memory for ever. */
export function isFrontEndTask(text: string): boolean {
  const begin = text.trimStart().slice(0, 200)
  return tasks.some((task) => task.test(begin))
}
