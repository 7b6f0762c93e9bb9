import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { BSON } from 'mongodb'

/** What the next commands of a kind are answered with, in place of the server. */
export interface CommandFailure {
  /** The command's name: `insert`, `find`, … */
  readonly command: string
  readonly answer: Readonly<Record<string, unknown>>
  readonly times: number
  /** Let the server do the command, and put the answer in the place of its own. Default: the server hears nothing of it. */
  readonly done?: true
}

export interface MongoFailures {
  readonly host: string
  fail(failure: CommandFailure): void
  close(): Promise<void>
}

const opMsg = 2013
const headerBytes = 16

/** Between a client and a MongoDB server: what `failCommand` does on a real one, for servers that lack it. Commands are read, not changed. */
export async function mongoFailures(target: string): Promise<MongoFailures> {
  const upstream = new URL(target)
  const sockets = new Set<Socket>()
  let failure: CommandFailure | undefined
  let left = 0
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ host: upstream.hostname, port: Number(upstream.port), noDelay: true })
    /** Requests whose answers are to be replaced. */
    const replaced = new Map<number, Readonly<Record<string, unknown>>>()
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined).on('close', () => {
        near.destroy()
        far.destroy()
        sockets.delete(socket)
      })
    }
    near.on('data', whole((message) => {
      const command = commandOf(message)
      if (failure === undefined || left === 0 || command !== failure.command) return far.write(message)
      left -= 1
      const id = message.readInt32LE(4)
      if (failure.done !== true) return near.write(answerTo(id, failure.answer))
      replaced.set(id, failure.answer)
      return far.write(message)
    }))
    far.on('data', whole((message) => {
      const to = message.readInt32LE(8)
      const answer = replaced.get(to)
      replaced.delete(to)
      near.write(answer === undefined ? message : answerTo(to, answer))
    }))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    fail: (wanted) => {
      failure = wanted
      left = wanted.times
    },
    close: async () => {
      const closed = once(server.close(), 'close')
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** Gives on each message of MongoDB's protocol whole. */
function whole(take: (message: Buffer) => unknown): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0)
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= headerBytes && rest.length >= rest.readInt32LE(0)) {
      const length = rest.readInt32LE(0)
      take(rest.subarray(0, length))
      rest = rest.subarray(length)
    }
  }
}

/** The first key of a message's command; undefined for what is none. */
function commandOf(message: Buffer): string | undefined {
  if (message.readInt32LE(12) !== opMsg) return undefined
  // Flags of four bytes, then the first section: its kind, and the command's document.
  const body = message.subarray(headerBytes + 5)
  return Object.keys(BSON.deserialize(body.subarray(0, body.readInt32LE(0))))[0]
}

function answerTo(request: number, answer: Readonly<Record<string, unknown>>): Buffer {
  const body = BSON.serialize(answer)
  const message = Buffer.alloc(headerBytes + 5)
  message.writeInt32LE(message.length + body.length, 0)
  message.writeInt32LE(request, 8)
  message.writeInt32LE(opMsg, 12)
  return Buffer.concat([message, body])
}
