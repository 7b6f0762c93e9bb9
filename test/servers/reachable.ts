import { messageOf } from '../../src/protocol/errors.ts'

/** Whether a download can begin: asked shortly before, because a refused one may otherwise take minutes to fail. */
export async function reachable(url: string): Promise<string | undefined> {
  try {
    const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(5_000) })
    return answer.status < 400 ? undefined : `its download answers ${answer.status}`
  } catch (error) {
    return `its download cannot be reached (${messageOf(error)})`
  }
}
