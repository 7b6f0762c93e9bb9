import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Where a caller sends requests one behind the other without waiting for answers, Node tells only the one that is being answered that their
 * connection is closed. The others are told here: else they would be waited for, for nobody, as long as they may wait.
 */
export function letGoQueued(server: Server): void {
  const answers = new WeakMap<Socket, Set<ServerResponse>>()
  const answersOn = (socket: Socket): Set<ServerResponse> => {
    const known = answers.get(socket)
    if (known !== undefined) return known
    const open = new Set<ServerResponse>()
    answers.set(socket, open)
    socket.once('close', () => {
      for (const answer of [...open].filter(({ closed }) => !closed)) {
        answer.destroy()
        answer.emit('close')
      }
    })
    return open
  }
  server.on('request', ({ socket }, answer) => {
    const open = answersOn(socket)
    open.add(answer)
    answer.once('close', () => open.delete(answer))
  })
}
