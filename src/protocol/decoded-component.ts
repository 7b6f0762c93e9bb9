/** A part of an address, or a path that may be written as one, without its percent signs' escapes; where one escapes nothing, as in a password that was written as it is, the part itself. */
export function decodedComponent(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
