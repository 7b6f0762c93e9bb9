/** libSQL's vector type F32_BLOB: 32-bit floats, little-endian whatever the machine is. */
export function blobOf(vector: readonly number[]): Uint8Array {
  const blob = Buffer.alloc(vector.length * 4)
  for (const [index, component] of vector.entries()) blob.writeFloatLE(component, index * 4)
  return blob
}
