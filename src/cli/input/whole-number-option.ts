import { InvalidArgumentError } from 'commander'

/** The value of an option that counts something, from 1. */
export function wholeNumberOption(value: string): number {
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value)
  throw new InvalidArgumentError('It is a whole number from 1, like 20.')
}
