import { userInfo } from 'node:os'

/** Who sits here, as the operating system knows them. */
export function personHere(): string {
  try {
    return userInfo().username
  } catch {
    // A container may run under a number that has no name.
    return 'a person'
  }
}
