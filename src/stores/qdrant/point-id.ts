import { createHash } from 'node:crypto'

/** The namespace of Perdure's operation ids (RFC 9562, section 5.5): never to change, or repeated inserts would be new points. */
const namespace = Buffer.from('5f0c8d0e6a3b4d0f9a51c2b7e4d19386', 'hex')

/** Qdrant names points by UUID: this one is a UUIDv5 of agent and operation, so that inserting again means the same point. */
export function pointIdOf(agentId: string, op: string): string {
  const bytes = createHash('sha1').update(namespace).update(`${agentId} ${op}`).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
